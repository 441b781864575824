import { classSign, literalSign } from '../../policy-text/expression-signs.ts';
import type { HostPattern } from '../../policy-text/host-pattern.ts';
import type { PatternGrammar } from '../../policy-text/pattern-policy.ts';

/*
 * The matching of iron-proxy (`internal/hostmatch/hostmatch.go`, the functions `MatchGlob` and `StripPort`). Nothing is lower-cased.
 */

/**
 * Translates a pattern of Go's `path.Match` into a regular expression; null for an invalid one. A star stops only at a slash, so it matches
 * dots.
 */
export function pathMatch(glob: string): RegExp | null {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const sign = glob[at] ?? '';
    if (sign === '*') source += '[^/]*';
    else if (sign === '?') source += '[^/]';
    else if (sign === '[') {
      const [whole, negated, signs] = /^\[(\^?)((?:\\.|[^\]\\])+)\]/su.exec(glob.slice(at)) ?? [];
      if (whole === undefined || signs === undefined) return null;
      const members = classMembers(signs);
      if (members === null) return null;
      source += `[${negated}${members}]`;
      at += whole.length - 1;
    } else if (sign === '\\') {
      at += 1;
      if (at === glob.length) return null;
      source += literalSign(glob[at] ?? '');
    } else source += literalSign(sign);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** The members of a character class; null for a range that is reversed or has no end, which makes the pattern invalid. */
function classMembers(written: string): string | null {
  const signs = [...written.matchAll(/\\(.)|([^\\])/gsu)].map(([, escaped, plain]) => ({
    sign: escaped ?? plain ?? '',
    isDash: plain === '-',
  }));
  let source = '';
  for (let at = 0; at < signs.length; at += 1) {
    const [first, dash, last] = [signs[at], signs[at + 1], signs[at + 2]];
    if (!first || first.isDash) return null;
    if (!dash?.isDash) source += classSign(first.sign);
    else if (!last || last.isDash || last.sign < first.sign) return null;
    else {
      source += `${classSign(first.sign)}-${classSign(last.sign)}`;
      at += 2;
    }
  }
  return source;
}

const GLOB = /[*?[\\]/;

function pattern(entry: string): HostPattern {
  if (entry === '*') return { reach: 'all', name: '', port: null };
  if (entry.startsWith('*.')) return { reach: 'tree', name: entry.slice(2), port: null };
  if (!GLOB.test(entry)) return { reach: 'host', name: entry, port: null };
  return { reach: 'glob', name: entry, port: null, glob: pathMatch(entry) ?? /^(?!)/ };
}

/** The host without its port, as Go's `net.SplitHostPort` splits them. A text that it rejects is returned unchanged. */
function withoutPort(host: string): string {
  const bracketed = /^\[([^[\]]*)\]:[^[\]:]*$/.exec(host)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^[^[\]:]*:[^[\]:]*$/.test(host) ? (host.split(':')[0] ?? host) : host;
}

/** How the entries of the allowlist's `domains` are compared with hosts (README, "Matching"). */
export const ironGrammar: PatternGrammar = { pattern, host: withoutPort, takesAddressesForNames: true };
