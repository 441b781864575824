/** What did not fit in a tally is counted under this name. */
export const OTHER = '(other)';

/**
 * Counts by name, holding at most `limit` names; whatever comes later is counted as `(other)`, so that the sum stays exact.
 * Most hosts have one tool and one agent: the first name costs two fields, and only a second one makes a Map.
 */
export class Tally {
  #only: string | null = null;
  #count = 0;
  #more: Map<string, number> | null = null;

  add(name: string, count: number, limit: number): void {
    if (this.#more) this.#addTo(this.#more, name, count, limit);
    else if (this.#only === null || this.#only === name) {
      this.#only = name;
      this.#count += count;
    } else {
      this.#more = new Map([[this.#only, this.#count]]);
      this.#addTo(this.#more, name, count, limit);
    }
  }

  #addTo(counts: Map<string, number>, name: string, count: number, limit: number): void {
    const before = counts.get(name);
    if (before !== undefined || counts.size < limit) counts.set(name, (before ?? 0) + count);
    else counts.set(OTHER, (counts.get(OTHER) ?? 0) + count);
  }

  merge(other: Tally, limit: number): void {
    for (const [name, count] of other.entries()) this.add(name, count, limit);
  }

  get(name: string): number {
    if (this.#more) return this.#more.get(name) ?? 0;
    return this.#only === name ? this.#count : 0;
  }

  get size(): number {
    if (this.#more) return this.#more.size;
    return this.#only === null ? 0 : 1;
  }

  /** Name and count, in the order in which the names came. */
  entries(): Iterable<readonly [string, number]> {
    if (this.#more) return this.#more;
    return this.#only === null ? [] : [[this.#only, this.#count]];
  }

  /** By count descending, then name. */
  ranked(): (readonly [string, number])[] {
    return [...this.entries()].sort(
      ([oneName, one], [otherName, other]) => other - one || compareText(oneName, otherName),
    );
  }
}

/** Order of code units: the same on every machine and in every locale. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
