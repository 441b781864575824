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

/** The measures by which rows are ranked. Rows are known by numbers. */
export interface Ranking {
  readonly rows: readonly { readonly name: string }[];
  /** The rows in question. They are taken over, and change their places. */
  readonly found: Uint32Array;
  /** By number; the smallest comes first, before all values. Null where there are none. */
  readonly scores: Float64Array | null;
  /** By number; the smallest comes first. */
  readonly values: Float64Array;
  /** By number, where values are equal; beyond its end numbers count, behind all others. */
  readonly places: Uint32Array;
  /** Whether the last name comes first where values are equal. */
  readonly isNameReversed: boolean;
  /** The number of a row, found fast: it may be out of date, or missing for a row that is there. */
  readonly numberOf: (name: string) => number | undefined;
}

/**
 * Rows by value, then by name, sorted only in the part that is read: a screen shows fifty of 200,000 rows. The first read is linear in
 * the rows, later reads are faster. Finding a key outside that part is linear, too.
 */
export class RankedOrder implements Order {
  readonly #ranked: Ranking;
  readonly #compare: (one: number, other: number) => number;
  /** Places before which no row stands that belongs behind them; ascending. */
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

  /** How many rows come before the one of that name. */
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

  /** Moves rows between the nearest cuts until there is one at the place (Hoare's Find); each time they are parted makes another. */
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

  /** Parts the rows from `low` to `high`: none up to `right` belongs behind one from `left` on. */
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

/** Which of two rows comes first. A function of its own for each order: the arrays in reach make it twice as fast. */
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

/** Neither end, which are the worst where rows are in order already, nor what somebody who chooses names could aim at. */
const middleOf = (low: number, high: number): number => low + Math.floor((high - low) * 0.618);
