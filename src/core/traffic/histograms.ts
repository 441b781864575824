import { countIn, middleOf, type DurationCounts } from './durations.ts';
import { Slab } from './slab.ts';

/** The columns of a block: the next block, then the cells. A cell holds a bucket and its count in one number; an empty cell is 0. */
const NEXT = 0;
const CELLS = 7;
const COUNT_BITS = 19;
const COUNT_MASK = 2 ** COUNT_BITS - 1;
/** So many cells are sorted as they come. */
const FEW_CELLS = 4 * CELLS;
/** The last bucket, for all longer durations. It is far above any real duration. */
const LAST_BUCKET = 2 ** (32 - COUNT_BITS) - 1;

/**
 * Histograms of hundreds of thousands of hosts. Each is a linked list of blocks of 32 bytes, which the index of its first block identifies;
 * 0 is the empty histogram. A count too large for a cell continues in another cell. They behave like Durations, as
 * test/core/traffic/histograms.test.ts checks.
 */
export class Histograms {
  readonly #blocks = Slab.ofReferences(1 + CELLS);
  /** The cells of the histogram that is asked for a quantile, used again for the next one. */
  #sorted = new Uint32Array(FEW_CELLS);

  /** Adds durations to the histogram that begins with `first`. Returns its first block. */
  add(first: number, bucket: number, count: number): number {
    const kept = Math.min(bucket, LAST_BUCKET);
    let [left, last] = [count, 0];
    for (let block = first; block !== 0 && left > 0; block = this.#blocks.get(block, NEXT)) {
      left = this.#addTo(block, kept, left);
      last = block;
    }
    if (left === 0) return first;
    const block = this.#blocks.take();
    if (last !== 0) this.#blocks.set(last, NEXT, block);
    const begun = last === 0 ? block : first;
    return this.add(begun, bucket, left);
  }

  /** Adds to the cells of one block. Returns the part of the count that did not fit. */
  #addTo(block: number, bucket: number, count: number): number {
    let left = count;
    for (let column = 1; column <= CELLS && left > 0; column += 1) {
      const cell = this.#blocks.get(block, column);
      if (cell !== 0 && cell >>> COUNT_BITS !== bucket) continue;
      const known = cell & COUNT_MASK;
      const added = Math.min(left, COUNT_MASK - known);
      this.#blocks.set(block, column, ((bucket << COUNT_BITS) | (known + added)) >>> 0);
      left -= added;
    }
    return left;
  }

  merge(first: number, other: DurationCounts): number {
    let merged = first;
    for (const [bucket, count] of other.entries()) merged = this.add(merged, bucket, count);
    return merged;
  }

  /** Frees the whole histogram. */
  free(first: number): void {
    for (let block = first; block !== 0;) {
      const next = this.#blocks.get(block, NEXT);
      this.#blocks.free(block);
      block = next;
    }
  }

  of(first: number): DurationCounts {
    const entries = (): Iterable<readonly [number, number]> => this.#entries(first);
    return {
      entries,
      quantile: share => this.quantile(first, share),
      get count() {
        return countIn(entries());
      },
    };
  }

  /** As of any durations, but without an object for any bucket: a list by latency asks 200,000 times. */
  quantile(first: number, share: number): number | null {
    const count = this.#sortCells(first);
    const cells = this.#sorted;
    let total = 0;
    for (let index = 0; index < count; index += 1) total += (cells[index] ?? 0) & COUNT_MASK;
    let left = Math.max(1, Math.ceil(share * total));
    for (let index = 0; index < count; index += 1) {
      const cell = cells[index] ?? 0;
      left -= cell & COUNT_MASK;
      if (left <= 0) return middleOf(cell >>> COUNT_BITS);
    }
    return null;
  }

  /** Puts the cells of a histogram in order; returns how many they are. A cell's bucket stands before its count, so buckets are in order, too. */
  #sortCells(first: number): number {
    let count = 0;
    for (let block = first; block !== 0; block = this.#blocks.get(block, NEXT))
      for (let column = 1; column <= CELLS; column += 1) {
        const cell = this.#blocks.get(block, column);
        if (cell === 0) break;
        if (count < FEW_CELLS) this.#insert(cell, count);
        else this.#append(cell, count);
        count += 1;
      }
    if (count > FEW_CELLS) this.#sorted.subarray(0, count).sort();
    return count;
  }

  #insert(cell: number, count: number): void {
    let at = count;
    for (; at > 0 && (this.#sorted[at - 1] ?? 0) > cell; at -= 1)
      this.#sorted[at] = this.#sorted[at - 1] ?? 0;
    this.#sorted[at] = cell;
  }

  #append(cell: number, count: number): void {
    if (count === this.#sorted.length) {
      const larger = new Uint32Array(2 * count);
      larger.set(this.#sorted);
      this.#sorted = larger;
    }
    this.#sorted[count] = cell;
  }

  *#entries(first: number): Generator<readonly [number, number]> {
    for (let block = first; block !== 0; block = this.#blocks.get(block, NEXT))
      for (let column = 1; column <= CELLS; column += 1) {
        const cell = this.#blocks.get(block, column);
        if (cell !== 0) yield [cell >>> COUNT_BITS, cell & COUNT_MASK];
      }
  }
}
