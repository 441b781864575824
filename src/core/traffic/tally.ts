/** The name under which a tally counts all that did not fit. */
export const OTHER = '(other)';

/** Counts by name, to be read. */
export interface NameCounts {
  readonly get: (name: string) => number;
  readonly size: number;
  /** Name and count, in the order in which the names came. */
  readonly entries: () => Iterable<readonly [string, number]>;
  /** By count descending, then name. */
  readonly ranked: () => (readonly [string, number])[];
}

/**
 * Counts by name, holding at most `limit` names; whatever comes later is counted as `(other)`, so that the sum stays exact. Hosts
 * have theirs in Tallies: there are a million of those.
 */
export class Tally implements NameCounts {
  readonly #counts = new Map<string, number>();

  add(name: string, count: number, limit: number): void {
    const kept = this.#counts.size < limit || this.#counts.has(name) ? name : OTHER;
    this.#counts.set(kept, this.get(kept) + count);
  }

  merge(other: NameCounts, limit: number): void {
    for (const [name, count] of other.entries()) this.add(name, count, limit);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get size(): number {
    return this.#counts.size;
  }

  entries(): Iterable<readonly [string, number]> {
    return this.#counts.entries();
  }

  ranked(): (readonly [string, number])[] {
    return ranked(this.entries());
  }
}

/** By count descending, then name. */
export const ranked = (counts: Iterable<readonly [string, number]>): (readonly [string, number])[] =>
  [...counts].sort((one, other) => other[1] - one[1] || compareText(one[0], other[0]));

/** Order of code units: the same on every machine and in every locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
