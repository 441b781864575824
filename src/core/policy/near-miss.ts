import type { Entry, NearMiss } from './dialect.ts';
import { normaliseEntry } from './entry-index.ts';
import { nearestOf, siblings, type Nearness } from './nearness.ts';
import { neverMatches, type NeverMatches } from './never-matches.ts';

/** The entry that came closest to naming the host, and why it missed; null where none is near. Ties go to the one higher up. */
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

/** An entry that never matches is the nearest of all when what was meant by it would have covered the host. */
function compareBroken(text: string, host: string, never: NeverMatches): Nearness | null {
  const meant = never.instead?.replace(/^\./, '');
  if (!meant || !(host === meant || (never.instead?.startsWith('.') && host.endsWith(`.${meant}`))))
    return null;
  return {
    rank: 100,
    why: `${normaliseEntry(text)} never matches: ${never.why}; ${never.instead} would`,
  };
}
