/** The keys of a list's rows in the order of the screen. An array of keys is an Order. */
export interface Order {
  readonly length: number;
  readonly at: (index: number) => string | undefined;
  /** The keys from `from` up to, not including, `to`; by default all. */
  readonly slice: (from?: number, to?: number) => readonly string[];
  /** The index of a key; -1 for an unknown key. */
  readonly indexOf: (key: string) => number;
}

/** The order of an empty list. */
export const NO_ROWS: Order = Array.of<string>();

/** The data by which rows are ranked. Rows are identified by numbers. */
export interface Ranking {
  readonly rows: readonly { readonly name: string }[];
  /** The numbers of the rows to order. The array is reordered in place. */
  readonly found: Uint32Array;
  /** Primary rank by row number, smallest first; null without one. */
  readonly scores: Float64Array | null;
  /** Secondary rank by row number, smallest first. */
  readonly values: Float64Array;
  /** The place by name of each row number, for equal values. Rows beyond its end rank last, by number. */
  readonly places: Uint32Array;
  /** Whether equal values are sorted by name in reverse. */
  readonly isNameReversed: boolean;
  /** A fast lookup of a row's number. It may be outdated or miss a row. */
  readonly numberOf: (name: string) => number | undefined;
}

/**
 * Rows by value, then by name. Only the part that is read gets sorted, because a screen shows fifty of 200,000 rows. The first read takes
 * time linear in the rows, later reads less. Finding a key outside the sorted part is linear too.
 */
export class RankedOrder implements Order {
  readonly #ranked: Ranking;
  readonly #compare: (one: number, other: number) => number;
  /** Places that split the rows: no row before such a place ranks behind one after it. Ascending. */
  readonly #cuts: number[];
  #window = { from: 0, keys: [] as readonly string[] };
  #lookedUp: { readonly key: string; readonly index: number } | null = null;

  constructor(ranked: Ranking) {
    this.#ranked = ranked;
    this.#compare = comparing(ranked);
    this.#cuts = [0, ranked.found.length];
  }

  get length(): number {
    return this.#ranked.found.length;
  }

  at(index: number): string | undefined {
    const { from, keys } = this.#window;
    return keys[index - from] ?? this.slice(index, index + 1)[0];
  }

  slice(from = 0, to = this.length): readonly string[] {
    const [first, end] = [Math.max(0, from), Math.min(this.length, to)];
    if (first >= end) return [];
    if (this.#window.from === first && this.#window.keys.length === end - first) return this.#window.keys;
    const { rows, found } = this.#ranked;
    this.#cutAt(first);
    this.#cutAt(end);
    const window = found.subarray(first, end).sort(this.#compare);
    const keys = Array.from(window, number => rows[number]?.name ?? '');
    this.#window = { from: first, keys };
    return keys;
  }

  indexOf(key: string): number {
    const inWindow = this.#window.keys.indexOf(key);
    if (inWindow >= 0) return this.#window.from + inWindow;
    if (this.#lookedUp?.key !== key) this.#lookedUp = { key, index: this.#rankOf(key) };
    return this.#lookedUp.index;
  }

  /** The number of rows that rank before the row with this name. */
  #rankOf(key: string): number {
    const { found } = this.#ranked;
    const compare = this.#compare;
    const number = this.#numberOf(key);
    if (number === undefined) return -1;
    let isFound = false;
    let rank = 0;
    for (let index = 0; index < found.length; index += 1) {
      const other = found[index] ?? 0;
      if (other === number) isFound = true;
      else if (compare(other, number) < 0) rank += 1;
    }
    return isFound ? rank : -1;
  }

  #numberOf(key: string): number | undefined {
    const { rows, found, numberOf } = this.#ranked;
    const known = numberOf(key);
    if (known !== undefined && rows[known]?.name === key) return known;
    return found.find(number => rows[number]?.name === key);
  }

  /** Partitions the rows between the nearest cuts until there is a cut at the place (Hoare's quickselect). */
  #cutAt(place: number): void {
    for (;;) {
      const next = this.#cuts.findIndex(cut => cut >= place);
      const [low, high] = [this.#cuts[next - 1] ?? 0, (this.#cuts[next] ?? 0) - 1];
      if (this.#cuts[next] === place) return;
      const [left, right] = this.#part(low, high);
      const fresh = [...new Set([right + 1, left])].filter(cut => cut > low && cut <= high);
      this.#cuts.splice(next, 0, ...fresh);
    }
  }

  /** Partitions the rows from `low` to `high`: no row up to `right` ranks behind one from `left` on. */
  #part(low: number, high: number): readonly [left: number, right: number] {
    const { found } = this.#ranked;
    const compare = this.#compare;
    const pivot = found[middleOf(low, high)] ?? 0;
    let left = low;
    let right = high;
    for (;;) {
      while (compare(found[left] ?? 0, pivot) < 0) left += 1;
      while (compare(found[right] ?? 0, pivot) > 0) right -= 1;
      if (left > right) return [left, right];
      const swapped = found[left] ?? 0;
      found[left] = found[right] ?? 0;
      found[right] = swapped;
      left += 1;
      right -= 1;
      if (left > right) return [left, right];
    }
  }
}

/** A comparison of two rows. It returns a specialised function for each order, which is twice as fast. */
function comparing({ scores, ...ranked }: Ranking): (one: number, other: number) => number {
  const compare = comparingValues(ranked);
  return scores === null
    ? compare
    : (one, other) => (scores[one] ?? 0) - (scores[other] ?? 0) || compare(one, other);
}

function comparingValues({
  values,
  places,
  isNameReversed,
}: Omit<Ranking, 'scores'>): (one: number, other: number) => number {
  const placed = places.length;
  const placeOf = (number: number): number => (number < placed ? (places[number] ?? 0) : number);
  const sign = isNameReversed ? -1 : 1;
  return (one, other) => {
    const value = values[one] ?? 0;
    const otherValue = values[other] ?? 0;
    if (value < otherValue) return -1;
    return value > otherValue ? 1 : sign * (placeOf(one) - placeOf(other));
  };
}

/** The pivot. It is not at either end, which is the worst case for sorted rows, nor where an attacker who chooses names would expect it. */
const middleOf = (low: number, high: number): number => low + Math.floor((high - low) * 0.618);
