import type { Entry, NearMiss } from '../../../core/policy/dialect.ts';
import { nearestOf, siblings, type Nearness } from '../../../core/policy/nearness.ts';
import { domainMatches, isIpLiteral } from './domain-rules.ts';
import type { NeverMatches } from '../../../core/policy/never-matches.ts';
import { neverMatchesUrl } from './never-matches.ts';

/**
 * Finds the allowed entry that came closest to matching a URL's host, and why it does not; null where none is near. Facts about entries are
 * computed once, at the first call, because every denied host is looked up.
 */
export function nearestIn(entries: readonly Entry[]): (host: string) => NearMiss | null {
  let known: readonly Known[] | null = null;
  return host => {
    known ??= entries.map(entry => ({ entry, never: neverMatchesUrl(entry.text) }));
    return nearestOf(known, ({ entry, never }) => compare(entry.text, never, host));
  };
}

interface Known {
  readonly entry: Entry;
  readonly never: NeverMatches | null;
}

function compare(entry: string, never: NeverMatches | null, host: string): Nearness | null {
  if (isIpLiteral(host)) {
    const why = `${entry} is listed, but a bare IP address is refused while allowed_domains is in use`;
    return entry === host ? { rank: 100, why } : null;
  }
  if (never) return compareBroken(entry, host, never);
  if (`${entry}.` === host) return { rank: 95, why: `the URL's host keeps its trailing dot: ${host}` };
  if (entry === `${host}.`) return { rank: 95, why: `${entry} names only URLs that write the trailing dot` };
  return entry.startsWith('*.') ? compareWildcard(entry, host) : compareName(entry, host);
}

/** Compares an entry that can never match. It is the nearest of all if its probable meaning would cover the host. */
function compareBroken(entry: string, host: string, { why, instead }: NeverMatches): Nearness | null {
  if (instead === null || !domainMatches(instead, host)) return null;
  return { rank: 100, why: `${entry} never matches: ${why}; ${instead} would` };
}

function compareWildcard(entry: string, host: string): Nearness | null {
  const base = entry.slice(2);
  if (host === base) return { rank: 90, why: `${entry} stands for one label before it; ${host} is the apex` };
  if (host.endsWith(`.${base}`))
    return { rank: 85, why: `${entry} stands for exactly one label; ${host} has more before ${base}` };
  return siblings(entry, base, host);
}

function compareName(entry: string, host: string): Nearness | null {
  if (host.endsWith(`.${entry}`)) return { rank: 80, why: `${entry} is exact; ${host} is a subdomain` };
  if (entry.endsWith(`.${host}`))
    return { rank: 70, why: `${entry} is below ${host}; an entry does not cover the name above it` };
  if (host.endsWith(entry)) return { rank: 60, why: `${host} ends like ${entry}, but not at a dot` };
  return siblings(entry, entry, host);
}
