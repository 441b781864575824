import { parseAddress } from './address.ts';
import type { Entry, NearMiss } from './dialect.ts';
import { normaliseEntry } from './entry-index.ts';
import { neverMatches, type NeverMatches } from './never-matches.ts';

/** A candidate: the higher the rank, the nearer. */
interface Candidate extends NearMiss {
  readonly rank: number;
}

/** The entry that came closest to naming the host, and why it missed; null where none is near. Ties go to the one higher up. */
export function nearestEntry(entries: readonly Entry[], host: string): NearMiss | null {
  const name = normaliseEntry(host);
  let best: Candidate | null = null;
  for (const entry of entries) {
    const candidate = compare(entry, name);
    if (candidate && (best === null || candidate.rank > best.rank)) best = candidate;
  }
  return best && { entry: best.entry, why: best.why };
}

function compare(entry: Entry, host: string): Candidate | null {
  const never = neverMatches(entry.text);
  if (never) return compareBroken(entry, host, never);
  const name = normaliseEntry(entry.text);
  const base = name.replace(/^\./, '');
  if (!name.startsWith('.') && host.endsWith(`.${name}`)) {
    return { entry, rank: 90, why: `${name} is exact; ${host} is a subdomain` };
  }
  if (base.endsWith(`.${host}`))
    return { entry, rank: 70, why: `${name} is below ${host}; an entry does not cover the name above it` };
  if (host.endsWith(base)) return { entry, rank: 60, why: `${host} ends like ${base}, but not at a dot` };
  return compareLabels(entry, name, host);
}

/** An entry that never matches is the nearest of all when what was meant by it would have covered the host. */
function compareBroken(entry: Entry, host: string, never: NeverMatches): Candidate | null {
  const meant = never.instead?.replace(/^\./, '');
  if (!meant || !(host === meant || (never.instead?.startsWith('.') && host.endsWith(`.${meant}`))))
    return null;
  return {
    entry,
    rank: 100,
    why: `${normaliseEntry(entry.text)} never matches: ${never.why}; ${never.instead} would`,
  };
}

/** Siblings: names that share at least their last two labels. */
function compareLabels(entry: Entry, name: string, host: string): Candidate | null {
  if (parseAddress(host) !== null) return null;
  const [ours, theirs] = [name.replace(/^\./, '').split('.').reverse(), host.split('.').reverse()];
  let shared = 0;
  while (shared < ours.length && ours[shared] === theirs[shared]) shared += 1;
  if (shared < 2) return null;
  const common = theirs.slice(0, shared).reverse().join('.');
  return { entry, rank: 10 + Math.min(shared, 40), why: `${name} names another host under ${common}` };
}
