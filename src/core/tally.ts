/** What did not fit in a tally is counted under this name. */
export const OTHER = '(other)';

/** So many names beside the first are looked for one after the other; more are found by a Map, which takes more memory. */
const FEW = 8;

/**
 * Counts by name, holding at most `limit` names; whatever comes later is counted as `(other)`, so that the sum stays exact.
 * There are a million of these, and most have one name, which costs two fields; a few more stand in a list, many in a Map.
 */
export class Tally {
  #first: string | null = null;
  #count = 0;
  /** The names beside the first; while they are few, each with its count behind it. */
  #more: (string | number)[] | Map<string, number> | null = null;

  add(name: string, count: number, limit: number): void {
    if (this.#first === null || this.#first === name) {
      this.#first = name;
      this.#count += count;
    } else if (this.size < limit || this.#has(name)) this.#addToMore(name, count);
    else if (this.#first === OTHER) this.#count += count;
    else this.#addToMore(OTHER, count);
  }

  #addToMore(name: string, count: number): void {
    const more = this.#more;
    if (more instanceof Map) return void more.set(name, (more.get(name) ?? 0) + count);
    const place = more ? more.indexOf(name) : -1;
    if (more && place >= 0) more[place + 1] = (more[place + 1] as number) + count;
    // A list that grew by itself would leave room for more.
    else if (!more || more.length < 2 * FEW) this.#more = more ? [...more, name, count] : [name, count];
    else this.#more = new Map([...pairs(more), [name, count]]);
  }

  #has(name: string): boolean {
    return this.#more instanceof Map ? this.#more.has(name) : (this.#more?.includes(name) ?? false);
  }

  merge(other: Tally, limit: number): void {
    for (const [name, count] of other.entries()) this.add(name, count, limit);
  }

  get(name: string): number {
    if (this.#first === name) return this.#count;
    const more = this.#more;
    if (more instanceof Map) return more.get(name) ?? 0;
    const place = more ? more.indexOf(name) : -1;
    return more && place >= 0 ? (more[place + 1] as number) : 0;
  }

  get size(): number {
    const more = this.#more;
    return (this.#first === null ? 0 : 1) + (more instanceof Map ? more.size : (more?.length ?? 0) / 2);
  }

  /** Name and count, in the order in which the names came. */
  *entries(): Generator<readonly [string, number]> {
    if (this.#first !== null) yield [this.#first, this.#count];
    if (this.#more) yield* this.#more instanceof Map ? this.#more : pairs(this.#more);
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

function* pairs(few: readonly (string | number)[]): Generator<[string, number]> {
  for (let place = 0; place < few.length; place += 2) yield [few[place] as string, few[place + 1] as number]; // so `add` puts them
}
