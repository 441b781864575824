import { compareText } from '../../core/traffic/tally.ts';
import type { Work } from '../../core/work.ts';

/** Names that are put in their places at a time: 5 ms. */
const BLOCK = 4_096;

/**
 * Numbers the rows of a growing map in the order they came, and knows the place of each by name. Names are compared once, when
 * a row is new. An array that was handed out never changes.
 */
export class NamedRows<Row extends { readonly name: string }> {
  readonly #map: ReadonlyMap<string, Row>;
  #rows: Row[] = [];
  /** Numbers of rows by name; those behind `#placed` are yet to be put in their places. */
  #sorted: Uint32Array = new Uint32Array();
  #placed = 0;
  #places: Uint32Array = new Uint32Array();
  /** How many times rows were taken out of the map when it was looked at last. */
  #removals = 0;

  constructor(map: ReadonlyMap<string, Row>) {
    this.#map = map;
  }

  /** All rows, by number. The list only grows: once rows went, there is another. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Places by number, 0 for the first name. Rows beyond its end are new: they stand behind all others, as they came. */
  get places(): Uint32Array {
    return this.#places;
  }

  /** The number of the row of a name; undefined where there was none at the last look. Fast once rows have their places. */
  numberOf(name: string): number | undefined {
    const number = this.#sorted[this.#placeFor(name, this.#placed)];
    if (number !== undefined && this.#nameOf(number) === name) return number;
    for (let fresh = this.#placed; fresh < this.#rows.length; fresh += 1)
      if (this.#nameOf(fresh) === name) return fresh;
    return undefined;
  }

  /** Takes up what the map has now. `removals` changes whenever rows were taken out of it. */
  refresh(removals: number): void {
    if (removals !== this.#removals) this.#forget();
    this.#removals = removals;
    if (this.#map.size === this.#rows.length) return;
    let left = this.#rows.length; // a map tells its rows in the order they came
    for (const row of this.#map.values()) {
      if (left === 0) this.#rows.push(row);
      else left -= 1;
    }
  }

  /** Drops the rows that the map no longer has. */
  #forget(): void {
    const before = this.#rows;
    const numbers = new Int32Array(before.length).fill(-1);
    this.#rows = [];
    for (const [number, row] of before.entries())
      if (this.#map.get(row.name) === row) numbers[number] = this.#rows.push(row) - 1;
    const kept = this.#sorted.subarray(0, this.#placed).map(number => numbers[number] ?? -1);
    this.#sorted = kept.filter(number => number !== NONE);
    this.#placed = this.#sorted.length;
    this.#places = this.#placesNow();
  }

  /** Puts the rows that are new in their places. */
  *place(): Work<void> {
    const all = this.#rows.length;
    while (this.#placed < all) {
      this.#insert(Math.min(BLOCK, all - this.#placed));
      if (this.#placed < all) yield this.#placed / all;
    }
    if (this.#places.length !== this.#placed) this.#places = this.#placesNow();
  }

  /** Puts the next `count` rows among those that have their places, the last name first, so that every other one moves once. */
  #insert(count: number): void {
    const placed = this.#placed;
    const fresh = Array.from({ length: count }, (_, index) => placed + index);
    fresh.sort((one, other) => compareText(this.#nameOf(one), this.#nameOf(other)));
    const sorted = this.#withRoom(placed + count);
    let end = placed;
    for (const [before, number] of [...fresh.entries()].reverse()) {
      const at = this.#placeFor(this.#nameOf(number), end);
      sorted.copyWithin(at + before + 1, at, end);
      sorted[at + before] = number;
      end = at;
    }
    this.#placed = placed + count;
  }

  #withRoom(rows: number): Uint32Array {
    if (this.#sorted.length >= rows) return this.#sorted;
    const larger = new Uint32Array(Math.max(rows, this.#rows.length));
    larger.set(this.#sorted);
    return (this.#sorted = larger);
  }

  /** The first of the `end` first places whose name is not before this one. */
  #placeFor(name: string, end: number): number {
    let [from, to] = [0, end];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#nameOf(this.#sorted[middle] ?? 0) < name) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #nameOf(number: number): string {
    return this.#rows[number]?.name ?? '';
  }

  #placesNow(): Uint32Array {
    const places = new Uint32Array(this.#placed);
    for (let place = 0; place < this.#placed; place += 1) places[this.#sorted[place] ?? 0] = place;
    return places;
  }
}

/** -1 among numbers without a sign. */
const NONE = 2 ** 32 - 1;
