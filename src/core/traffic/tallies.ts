import type { Names } from './names.ts';
import { Slab } from './slab.ts';
import { OTHER, ranked, type NameCounts } from './tally.ts';

const [NAME, NEXT] = [0, 1];
const COUNT = 0;

/**
 * Millions of tallies. Each is a linked list of cells of 16 bytes, which the index of its first cell identifies; 0 is the empty tally. They
 * behave like Tally, as test/core/traffic/tallies.test.ts checks. (Objects with Maps took four times as much memory, and the garbage
 * collector had to visit them.)
 */
export class Tallies {
  readonly #names: Names;
  /** Row n of both slabs belongs to the same cell. */
  readonly #cells = Slab.ofReferences(2);
  readonly #counts = Slab.ofDoubles(1);

  constructor(names: Names) {
    this.#names = names;
  }

  // Four parameters each, here and in the files of this folder: a record would be allocated several times for each event.

  /** Adds to the tally that begins with `first`. Returns its first cell. */
  add(first: number, name: string, count: number, limit: number): number {
    const number = this.#names.find(name);
    let last = 0;
    let size = 0;
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT)) {
      if (this.#cells.get(cell, NAME) === number) {
        this.#counts.add(cell, COUNT, count);
        return first;
      }
      last = cell;
      size += 1;
    }
    if (size >= limit && name !== OTHER) return this.add(first, OTHER, count, limit);
    const cell = this.#newCell(name, count);
    if (last !== 0) this.#cells.set(last, NEXT, cell);
    return last === 0 ? cell : first;
  }

  #newCell(name: string, count: number): number {
    const cell = this.#cells.take();
    this.#counts.set(this.#counts.take(), COUNT, count);
    this.#cells.set(cell, NAME, this.#names.hold(name));
    return cell;
  }

  merge(first: number, other: NameCounts, limit: number): number {
    let merged = first;
    for (const [name, count] of other.entries()) merged = this.add(merged, name, count, limit);
    return merged;
  }

  /** Frees the whole tally. */
  free(first: number): void {
    for (let cell = first; cell !== 0;) {
      const next = this.#cells.get(cell, NEXT);
      this.#names.drop(this.#cells.get(cell, NAME));
      this.#cells.free(cell);
      this.#counts.free(cell);
      cell = next;
    }
  }

  of(first: number): NameCounts {
    const entries = (): Iterable<readonly [string, number]> => this.#entries(first);
    return {
      entries,
      ranked: () => ranked(entries()),
      get: name => this.#countOf(first, this.#names.find(name)),
      get size() {
        return [...entries()].length;
      },
    };
  }

  *#entries(first: number): Generator<readonly [string, number]> {
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT))
      yield [this.#names.nameOf(this.#cells.get(cell, NAME)), this.#counts.get(cell, COUNT)];
  }

  #countOf(first: number, number: number): number {
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT))
      if (this.#cells.get(cell, NAME) === number) return this.#counts.get(cell, COUNT);
    return 0;
  }
}
