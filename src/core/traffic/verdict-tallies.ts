import { Counts, type SummedCounts } from './counts.ts';
import { VERDICTS, type Verdict } from '../event.ts';
import type { Names } from './names.ts';
import { Slab } from './slab.ts';
import { compareText, OTHER, ranked, type NameCounts } from './tally.ts';

/** Decisions by name and verdict, to be read. Names that did not fit are counted as `(other)`, so that the sum stays exact. */
export interface NameVerdicts {
  /** The decisions of one name by verdict; all are 0 where the name has none. */
  readonly get: (name: string) => SummedCounts;
  /** How many names there are. */
  readonly size: number;
  /** Name and decisions, in the order in which the names came. */
  readonly entries: () => Iterable<readonly [string, SummedCounts]>;
  /** Name and decisions, by total descending, then name. */
  readonly ranked: () => (readonly [string, SummedCounts])[];
}

const [KEY, NEXT] = [0, 1];
const COUNT = 0;
/** The lowest bits of a key are the place of its verdict in VERDICTS; the others are the number of its name. */
const VERDICT_BITS = 3;
const VERDICT_MASK = 2 ** VERDICT_BITS - 1;

/**
 * Decisions by name and verdict for each of 200,000 hosts. Each host has a chain of cells of 16 bytes, and its first cell stands for it. 0
 * is the empty chain. A cell counts one verdict of one name, and the cells of a name stand together: most names of a host have one verdict
 * only.
 */
export class VerdictTallies {
  readonly #names: Names;
  /** A cell is a row of both. */
  readonly #cells = Slab.ofReferences(2);
  readonly #counts = Slab.ofDoubles(1);

  constructor(names: Names) {
    this.#names = names;
  }

  /** Adds to the chain that begins with `first`, which holds at most `limit` names beside `(other)`; returns its first cell. */
  add(first: number, ruled: readonly [string, Verdict, number], limit: number): number {
    const name = ruled[0];
    const verdict = ruled[1];
    const times = ruled[2];
    const number = this.#names.find(name);
    const place = VERDICTS.indexOf(verdict);
    // not by destructuring, here and below: code that is not compiled yet makes four objects for each
    let last = 0;
    let known = 0;
    let size = 0;
    let before = 0;
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT)) {
      const key = this.#cells.get(cell, KEY);
      const named = key >>> VERDICT_BITS;
      if (named === number) {
        if ((key & VERDICT_MASK) === place) {
          this.#counts.add(cell, COUNT, times);
          return first;
        }
        known = cell;
      } else if (known !== 0) break;
      if (named !== before) size += 1;
      before = named;
      last = cell;
    }
    if (known === 0 && size >= limit && name !== OTHER)
      return this.add(first, [OTHER, verdict, times], limit);
    const cell = this.#newCell(this.#names.hold(name), place, times);
    if (last === 0) return cell;
    this.#cells.set(cell, NEXT, this.#cells.get(last, NEXT));
    this.#cells.set(last, NEXT, cell);
    return first;
  }

  #newCell(number: number, place: number, times: number): number {
    const cell = this.#cells.take();
    this.#counts.set(this.#counts.take(), COUNT, times);
    this.#cells.set(cell, KEY, number * 2 ** VERDICT_BITS + place);
    return cell;
  }

  merge(first: number, other: NameVerdicts, limit: number): number {
    let merged = first;
    for (const [name, counts] of other.entries())
      for (const verdict of VERDICTS)
        if (counts[verdict] > 0) merged = this.add(merged, [name, verdict, counts[verdict]], limit);
    return merged;
  }

  /** Forgets a whole chain. */
  free(first: number): void {
    for (let cell = first; cell !== 0;) {
      const next = this.#cells.get(cell, NEXT);
      this.#names.drop(this.#cells.get(cell, KEY) >>> VERDICT_BITS);
      this.#cells.free(cell);
      this.#counts.free(cell);
      cell = next;
    }
  }

  /** The decisions of each name by verdict. */
  of(first: number): NameVerdicts {
    const entries = (): (readonly [string, SummedCounts])[] => this.#entries(first);
    return {
      entries,
      ranked: () => entries().sort(byTotal),
      get: name => this.#countsOf(first, this.#names.find(name)),
      get size() {
        return entries().length;
      },
    };
  }

  /** The decisions of each name, whatever their verdict. */
  totalsOf(first: number): NameCounts {
    const entries = (): (readonly [string, number])[] =>
      this.#entries(first).map(([name, { total }]) => [name, total] as const);
    return {
      entries,
      ranked: () => ranked(entries()),
      get: name => this.#countsOf(first, this.#names.find(name)).total,
      get size() {
        return entries().length;
      },
    };
  }

  /** The cells of a name stand together, so that one walk finds them all. */
  #entries(first: number): (readonly [string, SummedCounts])[] {
    const entries: (readonly [string, SummedCounts])[] = [];
    let known = 0;
    let counts = new Counts();
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT)) {
      const key = this.#cells.get(cell, KEY);
      const number = key >>> VERDICT_BITS;
      if (number !== known) {
        known = number;
        counts = new Counts();
        entries.push([this.#names.nameOf(number), counts]);
      }
      this.#count(cell, key, counts);
    }
    return entries;
  }

  #count(cell: number, key: number, into: Counts): void {
    const verdict = VERDICTS[key & VERDICT_MASK];
    if (verdict !== undefined) into.add(verdict, this.#counts.get(cell, COUNT));
  }

  /** Of the name of this number. */
  #countsOf(first: number, number: number): Counts {
    const counts = new Counts();
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, NEXT)) {
      const key = this.#cells.get(cell, KEY);
      if (key >>> VERDICT_BITS === number) this.#count(cell, key, counts);
      else if (counts.total > 0) break;
    }
    return counts;
  }
}

const byTotal = (one: readonly [string, SummedCounts], other: readonly [string, SummedCounts]): number =>
  other[1].total - one[1].total || compareText(one[0], other[0]);
