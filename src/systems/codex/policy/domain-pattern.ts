import { isIP } from 'node:net';
import type { HostPattern } from '../../policy-text/host-pattern.ts';
import type { PatternGrammar } from '../../policy-text/pattern-policy.ts';
import { globExpression } from './glob.ts';

/*
 * The matching of Codex's network proxy (`codex-rs/network-proxy`, the functions `normalize_host`, `normalize_pattern` and
 * `expand_domain_pattern`).
 */

/** A host or name without blanks, brackets, port and final dots, with ASCII letters in lower case. */
export function normalName(text: string): string {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]*)\]/.exec(trimmed)?.[1];
  const bare = bracketed ?? (trimmed.split(':').length === 2 ? (trimmed.split(':')[0] ?? '') : trimmed);
  const name = bare.replaceAll(/[A-Z]/g, letter => letter.toLowerCase()).replace(/\.+$/, '');
  const [, address, scope] = /^(.*?)%(?:25)?(.*)$/s.exec(name) ?? [];
  return address !== undefined && isIP(address) !== 0 ? `${address}%${scope ?? ''}` : name;
}

const GLOB = /[*?[\]{}\\]/;

function pattern(entry: string): HostPattern {
  const text = entry.trim();
  if (text === '*') return { reach: 'all', name: '', port: null };
  const [, sign = '', rest = ''] = /^(\*\*\.|\*\.)?(.*)$/s.exec(text) ?? [];
  const name = normalName(rest);
  if (GLOB.test(name)) return globPattern(sign, name);
  if (sign === '' || name === '') return { reach: 'host', name, port: null };
  return { reach: sign === '**.' ? 'tree' : 'below', name, port: null };
}

/** `*.x` means `?*.x`, and `**.x` means `x` or `?*.x`. `x` may hold further glob characters. */
function globPattern(sign: string, name: string): HostPattern {
  const globs = sign === '' ? [name] : sign === '*.' ? [`?*.${name}`] : [name, `?*.${name}`];
  const parts = globs.map(globExpression);
  const isEverything = sign === '**.' && name === '*';
  if (isEverything) return { reach: 'all', name: '', port: null };
  const source = parts.every(part => part !== null) ? `^(?:${parts.join('|')})$` : '^(?!)'; // an invalid glob matches nothing
  return { reach: 'glob', name: `${sign}${name}`, port: null, glob: new RegExp(source, 'isu') };
}

/** How the keys of a profile's `network.domains` are compared with hosts (README, "Matching"). */
export const codexGrammar: PatternGrammar = {
  pattern,
  host: normalName,
  takesAddressesForNames: true,
};
