import { parseAddress } from './address.ts';
import { normaliseEntry } from './entry-index.ts';

/** Why an entry names no host at all under microagent's matching, and what was probably meant; null when it can match. */
export interface NeverMatches {
  readonly why: string;
  /** The entry that does what this one seems to want. */
  readonly instead: string | null;
}

/** Says why an entry can never match: microagent compares names as text and has no globs, ports or ranges (`internal/egress/policy.go`). */
export function neverMatches(entry: string): NeverMatches | null {
  const name = normaliseEntry(entry);
  const bare = name.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[/?#].*$/, '');
  if (name === '') return { why: 'it is empty', instead: null };
  if (name.includes('://')) return { why: 'it is a URL; entries are names', instead: bare || null };
  if (/[,\s]/.test(name))
    return { why: 'it holds several names; each needs an entry of its own', instead: null };
  if (name === '*') return { why: 'there are no globs; nothing stands for every host', instead: null };
  if (name.includes('*')) return { why: 'there are no globs, only a leading dot', instead: globMeant(name) };
  if (/[[\]]/.test(name))
    return { why: 'a bracket is no part of a name', instead: /^\[([^[\]]+)\]/.exec(name)?.[1] ?? null };
  if (/\/\d+$/.test(name) && parseAddress(bare) !== null)
    return { why: 'there are no address ranges', instead: null };
  if (name.includes('/')) return { why: 'a name has no path', instead: bare || null };
  return neverMatchesName(name);
}

function neverMatchesName(name: string): NeverMatches | null {
  if (/^[^:]+:\d+$/.test(name)) return { why: 'an entry has no port', instead: name.replace(/:\d+$/, '') };
  if (name.includes(':')) {
    return parseAddress(name) === null
      ? { why: 'a colon is no part of a name', instead: null }
      : notCanonical(name);
  }
  if (name.includes('..') || name === '.')
    return {
      why: 'it has an empty label',
      instead: name.replace(/\.{2,}/g, '.').replace(/^\.$/, '') || null,
    };
  if (/[^\x21-\x7e]/.test(name))
    return { why: 'hosts are compared in their ASCII form', instead: asciiForm(name) };
  return /^(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+))*$/.test(name) && parseAddress(name) === null
    ? { why: 'it is not the usual spelling of an IP address', instead: null }
    : null;
}

const globMeant = (name: string): string | null => (/^\*\.[^*]+$/.test(name) ? name.slice(1) : null);

/** IPv6 is compared as text, so only the spelling that logs use can match (RFC 5952). */
function notCanonical(name: string): NeverMatches | null {
  const canonical = new URL(`http://[${name.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  return canonical === name
    ? null
    : { why: 'IPv6 is compared as text and this is not its usual spelling', instead: canonical };
}

function asciiForm(name: string): string | null {
  const dot = name.startsWith('.') ? '.' : '';
  try {
    return dot + new URL(`http://${name.slice(dot.length)}/`).hostname;
  } catch {
    return null; // not a name in any script
  }
}
