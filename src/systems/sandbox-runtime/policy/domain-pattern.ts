import { isIP } from 'node:net';
import type { HostPattern } from '../../policy-text/host-pattern.ts';
import type { PatternGrammar } from '../../policy-text/pattern-policy.ts';

/*
 * The matching of sandbox-runtime (`sandbox/domain-pattern.ts`, `filterNetworkRequest` in `sandbox/sandbox-manager.ts` and
 * `canonicalizeHost` in `sandbox/parent-proxy.ts`).
 */

const withoutBrackets = (host: string): string => (/^\[.*\]$/s.test(host) ? host.slice(1, -1) : host);
const withoutZone = (host: string): string => host.replace(/%.*$/s, '');

/** The host as the proxy dials and compares it; null for a host that no URL can have. */
export function canonicalHost(host: string): string | null {
  const bare = withoutBrackets(host);
  const url = URL.parse(`http://${isIP(bare) === 6 ? `[${bare}]` : bare}/`);
  if (url === null) return null;
  const name = withoutBrackets(url.hostname);
  return isIP(name) === 6 ? (mappedAddress(name) ?? name) : name.replace(/\.$/, '');
}

/** The IPv4 address in a v4-mapped IPv6 address (RFC 4291 §2.5.5.2) as URLs spell it: `::ffff:a00:1`. */
function mappedAddress(address: string): string | null {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return null;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
}

/** Whether the proxy accepts a host: an address without a zone, or letters, digits, dots, hyphens and underscores. */
function isHost(host: string): boolean {
  const bare = withoutBrackets(host);
  if (host === '' || host.length > 255 || bare.includes('%')) return false;
  return isIP(bare) !== 0 || /^[\w.-]+$/.test(bare);
}

/** The host and port of an entry. A text with two colons outside of brackets is an address without a port. */
export function partPort(entry: string): { readonly host: string; readonly port: number | null } {
  if (entry.startsWith('[')) return partBracketed(entry);
  const colons = entry.split(':').length - 1;
  if (colons > 1) return { host: canonicalHost(withoutZone(entry)) ?? withoutZone(entry), port: null };
  const at = entry.lastIndexOf(':');
  const port = portOf(at === -1 ? '' : entry.slice(at + 1));
  return port === null ? { host: entry, port: null } : { host: entry.slice(0, at), port };
}

function partBracketed(entry: string): { readonly host: string; readonly port: number | null } {
  const close = entry.indexOf(']');
  if (close === -1) return { host: entry, port: null };
  const inner = withoutZone(entry.slice(1, close));
  const host = canonicalHost(inner) ?? inner;
  const rest = entry.slice(close + 1);
  if (rest === '') return { host, port: null };
  const port = portOf(rest.startsWith(':') ? rest.slice(1) : '');
  return port === null ? { host: entry, port: null } : { host, port };
}

function portOf(text: string): number | null {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
  return port === null || port > 65_535 ? null : port;
}

function pattern(entry: string): HostPattern {
  const { host, port } = partPort(entry);
  if (host === '*') return { reach: 'all', name: '', port };
  if (host.startsWith('*.')) return { reach: 'below', name: host.slice(2).toLowerCase(), port };
  return { reach: 'host', name: host.toLowerCase(), port };
}

/** How entries of `allowedDomains` and `deniedDomains` are compared with hosts (README, "Matching"). */
export const domainGrammar: PatternGrammar = {
  pattern,
  host: host => (isHost(host) ? (canonicalHost(host) ?? host).toLowerCase() : null),
};
