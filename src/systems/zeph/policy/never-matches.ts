import { domainMatches, isIpLiteral, isPrivateHost, urlHost } from './domain-rules.ts';

/** Why an entry names no host of any URL, and what was probably meant; null when it can match. */
export interface NeverMatches {
  readonly why: string;
  /** The entry that does what this one seems to want. */
  readonly instead: string | null;
}

/** Whether some URL has a host that the entry names: a host parsed again is itself, so that one try a form suffices. */
function canMatch(entry: string): boolean {
  const candidates = entry.startsWith('*.') ? ['x', '1'].map(label => label + entry.slice(1)) : [entry];
  return candidates.some(candidate => urlHost(candidate) === candidate && domainMatches(entry, candidate));
}

/** Says why an entry can never match (README, "Matching", rows 4–14 and 24). */
export function neverMatches(entry: string): NeverMatches | null {
  if (entry.trim() === '') return { why: 'it is empty', instead: null };
  const shape = shapeOf(entry);
  if (shape) return shape;
  if (canMatch(entry)) return null;
  const wildcard = entry.startsWith('*.') ? '*.' : '';
  const host = urlHost(entry.slice(wildcard.length));
  const instead = host === null ? null : wildcard + host;
  if (/[^\x20-\x7e]/.test(entry)) return { why: 'hosts are compared in their ASCII form', instead };
  if (entry !== entry.toLowerCase())
    return { why: 'hosts are lower-case and entries are compared as written', instead };
  return host !== null && isIpLiteral(host)
    ? { why: 'it is not how a URL spells this address', instead }
    : { why: 'no URL has such a host', instead: null };
}

/** The reason for a text that is no name, or a name with an extra part. */
function shapeOf(entry: string): NeverMatches | null {
  const bare = entry
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '');
  const meant =
    bare === '' || /[,\s*]/.test(bare.replace(/^\*\./, ''))
      ? null
      : bare.replace(/^(\[[^\]]*\]|[^:]*):\d*$/, '$1').toLowerCase();
  if (entry.includes('://')) return { why: 'it is a URL; entries are names', instead: meant };
  if (/[,\s]/.test(entry.trim()))
    return { why: 'it holds several names; each needs an entry of its own', instead: null };
  if (/\s/.test(entry)) return { why: 'a blank is no part of a name', instead: entry.trim() };
  if (/\/\d+$/.test(entry) && isIpLiteral(bare)) return { why: 'there are no address ranges', instead: null };
  if (entry.includes('/')) return { why: 'a name has no path', instead: meant };
  return withSigns(entry, meant);
}

function withSigns(entry: string, meant: string | null): NeverMatches | null {
  if (entry === '*') return { why: 'nothing stands for every host', instead: null };
  if (entry.replace(/^\*\./, '').includes('*'))
    return { why: 'a wildcard is one `*.` at the start and stands for one label', instead: null };
  if (entry.startsWith('.'))
    return { why: 'a leading dot means nothing here', instead: `*${entry.toLowerCase()}` };
  if (/^[^:]*:\d*$|^\[[^\]]*\]:\d*$/.test(entry)) return { why: 'an entry has no port', instead: meant };
  if (entry.includes(':') && !entry.startsWith('['))
    return { why: 'an IPv6 host stands in brackets', instead: urlHost(entry) };
  return null;
}

/** Why an entry that names a host still never counts in its list; null where it may. */
export function neverCounts(list: 'allow' | 'deny', entry: string): string | null {
  const host = entry.startsWith('*.') ? `x${entry.slice(1)}` : entry;
  if (isPrivateHost(host)) return 'zeph refuses private and local hosts before it looks at the lists';
  return list === 'allow' && isIpLiteral(host)
    ? 'zeph refuses every bare IP address while allowed_domains is in use'
    : null;
}
