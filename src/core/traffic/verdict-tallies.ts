import { Counts, type SummedCounts } from './counts.ts';
import { VERDICTS, type Verdict } from '../event.ts';
import type { Names } from './names.ts';
import { Slab } from './slab.ts';
import { compareText, OTHER, ranked, type NameCounts } from './tally.ts';

/** Decisions by name and verdict, read-only. Names above the limit are counted as `(other)`, so that the sum is exact. */
export interface NameVerdicts {
  /** The decisions of one name by verdict; all 0 for an unknown name. */
  readonly get: (name: string) => SummedCounts;
  /** The number of names. */
  readonly size: number;
  /** Names with their decisions, in the order of their first appearance. */
  readonly entries: () => Iterable<readonly [string, SummedCounts]>;
  /** Names with their decisions, by total descending, then by name. */
  readonly ranked: () => (readonly [string, SummedCounts])[];
}

const [KEY, NEXT] = [0, 1];
const COUNT = 0;
/** The low bits of a key are the index of the verdict in VERDICTS; the high bits are the number of the name. */
const VERDICT_BITS = 3;
const VERDICT_MASK = 2 ** VERDICT_BITS - 1;

/**
 * Decisions by name and verdict for each of 200,000 hosts. Those of a host are a linked list of cells of 16 bytes, which the index of its
 * first cell identifies; 0 is the empty list. A cell counts one name and verdict, and the cells of a name are adjacent. Most names of a
 * host have only one verdict.
 */
export class VerdictTallies {
  readonly #names: Names;
  /** Row n of both slabs belongs to the same cell. */
  readonly #cells = Slab.ofReferences(2);
  readonly #counts = Slab.ofDoubles(1);

  constructor(names: Names) {
    this.#names = names;
  }

  /** Adds to the list that begins with `first`, which holds at most `limit` names besides `(other)`. Returns its first cell. */
  add(first: number, ruled: readonly [string, Verdict, number], limit: number): number {
    const name = ruled[0];
    const verdict = ruled[1];
    const times = ruled[2];
    const number = this.#names.find(name);
    const place = VERDICTS.indexOf(verdict);
    // no destructuring, here and below: before it is compiled it allocates four objects each time
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

  /** Frees the whole list. */
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

  /** The decisions of each name over all verdicts. */
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

  /** The cells of a name are adjacent, so that one pass finds them all. */
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

  /** The counts of the name with this number. */
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
