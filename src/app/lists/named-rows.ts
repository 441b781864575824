import { compareText } from '../../core/traffic/tally.ts';
import type { Work } from '../../core/work.ts';

/** The number of rows that are sorted in at once, which takes 5 ms. */
const BLOCK = 4_096;

/**
 * Numbers the rows of a growing map in the order of insertion, and keeps them sorted by name. Names are compared only once, when a row is
 * new. Returned arrays never change.
 */
export class NamedRows<Row extends { readonly name: string }> {
  readonly #map: ReadonlyMap<string, Row>;
  #rows: Row[] = [];
  /** Row numbers sorted by name. Rows behind `#placed` are not sorted in yet. */
  #sorted: Uint32Array = new Uint32Array();
  #placed = 0;
  #places: Uint32Array = new Uint32Array();
  /** The `removals` of the last call of `refresh`. */
  #removals = 0;

  constructor(map: ReadonlyMap<string, Row>) {
    this.#map = map;
  }

  /** All rows, by number. The array only grows. After rows were removed from the map there is a new array. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** The place by name of each row number, from 0. Newer rows are missing: they rank behind all others, in order of insertion. */
  get places(): Uint32Array {
    return this.#places;
  }

  /** The number of the row with this name; undefined for a name unknown at the last refresh. Fast when all rows are sorted in. */
  numberOf(name: string): number | undefined {
    const number = this.#sorted[this.#placeFor(name, this.#placed)];
    if (number !== undefined && this.#nameOf(number) === name) return number;
    for (let fresh = this.#placed; fresh < this.#rows.length; fresh += 1)
      if (this.#nameOf(fresh) === name) return fresh;
    return undefined;
  }

  /** Takes over the map's new rows. `removals` must change whenever rows were removed from the map. */
  refresh(removals: number): void {
    if (removals !== this.#removals) this.#forget();
    this.#removals = removals;
    if (this.#map.size === this.#rows.length) return;
    let left = this.#rows.length; // a map iterates in the order of insertion
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

  /** Sorts in the new rows. */
  *place(): Work<void> {
    const all = this.#rows.length;
    while (this.#placed < all) {
      this.#insert(Math.min(BLOCK, all - this.#placed));
      if (this.#placed < all) yield this.#placed / all;
    }
    if (this.#places.length !== this.#placed) this.#places = this.#placesNow();
  }

  /** Sorts in the next `count` rows, the last name first, so that every other row moves only once. */
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

  /** The first of the first `end` places whose name does not come before this one. */
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

/** -1 as an unsigned number. */
const NONE = 2 ** 32 - 1;
