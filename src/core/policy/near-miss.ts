import type { Entry, NearMiss } from './dialect.ts';
import { normaliseEntry } from './entry-index.ts';
import { nearestOf, siblings, type Nearness } from './nearness.ts';
import { neverMatches, type NeverMatches } from './never-matches.ts';

/** The entry that came closest to matching the host, and why it does not; null where none is near. Of equals the first in the file wins. */
export function nearestEntry(entries: readonly Entry[], host: string): NearMiss | null {
  const name = normaliseEntry(host);
  return nearestOf(
    entries.map(entry => ({ entry })),
    ({ entry }) => compare(entry.text, name),
  );
}

function compare(text: string, host: string): Nearness | null {
  const never = neverMatches(text);
  if (never) return compareBroken(text, host, never);
  const name = normaliseEntry(text);
  const base = name.replace(/^\./, '');
  if (!name.startsWith('.') && host.endsWith(`.${name}`)) {
    return { rank: 90, why: `${name} is exact; ${host} is a subdomain` };
  }
  if (base.endsWith(`.${host}`))
    return { rank: 70, why: `${name} is below ${host}; an entry does not cover the name above it` };
  if (host.endsWith(base)) return { rank: 60, why: `${host} ends like ${base}, but not at a dot` };
  return siblings(name, base, host);
}

/** Compares an entry that can match no host. It is the nearest of all if its probable meaning would cover the host. */
function compareBroken(text: string, host: string, never: NeverMatches): Nearness | null {
  const meant = never.instead?.replace(/^\./, '');
  if (!meant || !(host === meant || (never.instead?.startsWith('.') && host.endsWith(`.${meant}`))))
    return null;
  return {
    rank: 100,
    why: `${normaliseEntry(text)} never matches: ${never.why}; ${never.instead} would`,
  };
}
