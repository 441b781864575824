/** Rows of a list in the order they are shown, by key. An array of keys is one. */
export interface Order {
  readonly length: number;
  readonly at: (index: number) => string | undefined;
  /** The keys from one place up to before another; without them, all. */
  readonly slice: (from?: number, to?: number) => readonly string[];
  /** -1 for a key that is not in it. */
  readonly indexOf: (key: string) => number;
}

/** Of nothing. */
export const NO_ROWS: Order = Array.of<string>();

/** What rows are ranked by. Rows are known by numbers. */
export interface Ranked {
  readonly rows: readonly { readonly name: string }[];
  /** The rows in question. They are taken over, and change their places. */
  readonly found: Uint32Array;
  /** By number; the smallest comes first. */
  readonly values: Float64Array;
  /** By number, where values are equal; beyond its end numbers count, behind all others. */
  readonly places: Uint32Array;
  /** Whether the last name comes first where values are equal. */
  readonly isNameReversed: boolean;
}

/**
 * Rows by value, then by name, put in order only where somebody looks: of 200,000 rows a screen shows fifty. To find a window takes
 * time in proportion to the rows, and so does finding a key's place.
 */
export class RankedOrder implements Order {
  readonly #ranked: Ranked;
  readonly #compare: (one: number, other: number) => number;
  #window = { from: 0, keys: [] as readonly string[] };
  #lookedUp: { readonly key: string; readonly index: number } | null = null;

  constructor(ranked: Ranked) {
    this.#ranked = ranked;
    this.#compare = comparing(ranked);
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
    this.#select(first);
    this.#select(end, first);
    const window = found.subarray(first, end).sort(this.#compare);
    const keys = Array.from(window, number => rows[number]?.name ?? '');
    this.#window = { from: first, keys };
    return keys;
  }

  indexOf(key: string): number {
    if (this.#lookedUp?.key !== key) this.#lookedUp = { key, index: this.#rankOf(key) };
    return this.#lookedUp.index;
  }

  /** How many rows come before the one of that name. */
  #rankOf(key: string): number {
    const { rows, found } = this.#ranked;
    const compare = this.#compare;
    const number = found.find(number => rows[number]?.name === key);
    if (number === undefined) return -1;
    let rank = 0;
    for (const other of found) if (compare(other, number) < 0) rank += 1;
    return rank;
  }

  /** Moves the rows that come first before the place `wanted`, and all others behind; those before `from` stand already (Hoare's Find). */
  #select(wanted: number, from = 0): void {
    const { found } = this.#ranked;
    const compare = this.#compare;
    let [low, high] = [from, found.length - 1];
    while (low < high && wanted <= high) {
      const pivot = found[middleOf(low, high)] ?? 0;
      let left = low;
      let right = high;
      while (left <= right) {
        while (compare(found[left] ?? 0, pivot) < 0) left += 1;
        while (compare(found[right] ?? 0, pivot) > 0) right -= 1;
        if (left > right) break;
        const swapped = found[left] ?? 0;
        found[left] = found[right] ?? 0;
        found[right] = swapped;
        left += 1;
        right -= 1;
      }
      if (wanted <= right) high = right;
      else if (wanted >= left) low = left;
      else return;
    }
  }
}

/** Which of two rows comes first. A function of its own for each order: the arrays in reach make it twice as fast. */
function comparing({ values, places, isNameReversed }: Ranked): (one: number, other: number) => number {
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

/** Neither end, which are the worst where rows are in order already, nor what somebody who chooses names could aim at. */
const middleOf = (low: number, high: number): number => low + Math.floor((high - low) * 0.618);
