import { parseAddress } from './address.ts';
import type { Entry, NearMiss } from './dialect.ts';

/** How near an entry came to matching a host. A higher rank is nearer. */
export interface Nearness {
  readonly rank: number;
  readonly why: string;
}

/** The entry that came closest; null where none is near. Of equals the first in the file wins. */
export function nearestOf<Listed extends { readonly entry: Entry }>(
  entries: Iterable<Listed>,
  nearness: (listed: Listed) => Nearness | null,
): NearMiss | null {
  let best: { readonly entry: Entry; readonly near: Nearness } | null = null;
  for (const listed of entries) {
    const near = nearness(listed);
    if (near && (best === null || near.rank > best.near.rank)) best = { entry: listed.entry, near };
  }
  return best && { entry: best.entry, why: best.near.why };
}

/** Siblings are names that share at least their last two labels. `named` is the entry as shown, `name` the name in it. */
export function siblings(named: string, name: string, host: string): Nearness | null {
  if (parseAddress(host) !== null) return null;
  const [ours, theirs] = [name.split('.').reverse(), host.split('.').reverse()];
  let shared = 0;
  while (shared < ours.length && ours[shared] === theirs[shared]) shared += 1;
  if (shared < 2) return null;
  const common = theirs.slice(0, shared).reverse().join('.');
  return { rank: 10 + Math.min(shared, 40), why: `${named} names another host under ${common}` };
}
