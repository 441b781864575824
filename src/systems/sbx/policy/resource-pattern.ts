import { parseAddress } from '../../../core/policy/address.ts';
import type { HostPattern } from '../../policy-text/host-pattern.ts';
import type { PatternGrammar } from '../../policy-text/pattern-policy.ts';

/** The name and port in a resource: `NAME`, `NAME:PORT`, `[v6]`, `[v6]:PORT`. */
function partPort(resource: string): { readonly name: string; readonly port: number | null } {
  const [, bracketed, bracketPort] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(resource) ?? [];
  if (bracketed !== undefined) return { name: bracketed, port: portOf(bracketPort) };
  const [, name, port] = /^([^:]*):(\d{1,5})$/.exec(resource) ?? [];
  return name === undefined ? { name: resource, port: null } : { name, port: portOf(port) };
}

const portOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

/** Whether a resource is a range of addresses, which egresstop does not support. */
export const isRange = (resource: string): boolean => /^[^/]+\/\d{1,3}(?::\d+)?$/.test(resource);

function pattern(resource: string): HostPattern {
  const { name, port } = partPort(resource.trim().toLowerCase());
  if (name === '*' || name === '**') return { reach: 'all', name: '', port };
  if (name.startsWith('**.')) return { reach: 'below', name: name.slice(3), port };
  if (name.startsWith('*.')) return { reach: 'label', name: name.slice(2), port };
  return { reach: 'host', name, port };
}

/** How resources of network rules are compared with hosts (README, "Matching"). */
export const sbxGrammar: PatternGrammar = {
  pattern,
  host: host => {
    const bare = host.replace(/^\[(.*)\]$/s, '$1').toLowerCase();
    return parseAddress(bare) === null ? bare.replace(/\.$/, '') : bare;
  },
};
