import { type EntryGrammar, type NeverMatches, neverMatches } from '../../../core/policy/never-matches.ts';
import { domainMatches, isIpLiteral, isPrivateHost, urlHost } from './domain-rules.ts';

/** zeph compares hosts as URLs spell them: lower-case, in ASCII form, IPv6 in brackets. `*.` is one label. */
const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: false,
  trims: false,
  hasUnicode: false,
  hasBrackets: true,
};

/** Whether some URL has a host that the entry names: a host parsed again is itself, so that one try a form suffices. */
function canMatch(entry: string): boolean {
  const candidates = entry.startsWith('*.') ? ['x', '1'].map(label => label + entry.slice(1)) : [entry];
  return candidates.some(candidate => urlHost(candidate) === candidate && domainMatches(entry, candidate));
}

/** Says why an entry can never match (README, "Matching", rows 4–14 and 24). */
export function neverMatchesUrl(entry: string): NeverMatches | null {
  const address = urlHost(entry);
  if (address !== null && address !== entry && /^[\da-fx.]+$/i.test(entry) && isIpLiteral(address))
    return { why: 'it is not how a URL spells this address', instead: address };
  const shape = neverMatches(entry, GRAMMAR);
  if (shape) return shape;
  if (canMatch(entry)) return null;
  const wildcard = entry.startsWith('*.') ? '*.' : '';
  const host = urlHost(entry.slice(wildcard.length));
  const instead = host === null ? null : wildcard + host;
  if (entry !== entry.toLowerCase())
    return { why: 'hosts are lower-case and entries are compared as written', instead };
  return host !== null && isIpLiteral(host)
    ? { why: 'it is not how a URL spells this address', instead }
    : { why: 'no URL has such a host', instead: null };
}

/** Why an entry that names a host still never counts in its list; null where it may. */
export function neverCounts(list: 'allow' | 'deny', entry: string): string | null {
  const host = entry.startsWith('*.') ? `x${entry.slice(1)}` : entry;
  if (isPrivateHost(host)) return 'zeph refuses private and local hosts before it looks at the lists';
  return list === 'allow' && isIpLiteral(host)
    ? 'zeph refuses every bare IP address while allowed_domains is in use'
    : null;
}
