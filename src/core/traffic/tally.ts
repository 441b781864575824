/** The name for counts above a tally's limit of names. */
export const OTHER = '(other)';

/** Counts by name, read-only. */
export interface NameCounts {
  readonly get: (name: string) => number;
  readonly size: number;
  /** Names with counts, in the order of their first appearance. */
  readonly entries: () => Iterable<readonly [string, number]>;
  /** Names with counts, by count descending, then by name. */
  readonly ranked: () => (readonly [string, number])[];
}

/**
 * Counts by name, of at most `limit` names. Further names are counted as `(other)`, so that the sum is exact. For hosts, Tallies holds
 * them, because there are a million.
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

/** Names with counts, by count descending, then by name. */
export const ranked = (counts: Iterable<readonly [string, number]>): (readonly [string, number])[] =>
  [...counts].sort((one, other) => other[1] - one[1] || compareText(one[0], other[0]));

/** Compares two texts by code units, which gives the same order on every machine and in every locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
