import { VERDICTS, type Verdict } from '../event.ts';
import { Counts } from './counts.ts';
import { Names } from './names.ts';
import { PairNumbers } from './pair-numbers.ts';
import { Slab } from './slab.ts';

/** The number of pairs of a host and a machine that are kept. Pairs above it are only counted. */
const PAIRS = 2_000_000;

/** The decisions of one machine on one host. */
export interface MachineShare {
  readonly counts: Counts;
  /** Unix ms of the earliest and the latest; null where none has a time. */
  readonly first: number | null;
  readonly last: number | null;
}

/** The machines that asked for one host, in the order of their first report. */
export interface HostMachines extends Iterable<readonly [string, MachineShare]> {
  readonly size: number;
  readonly keys: () => Iterable<string>;
}

/** Equal decisions of one machine. */
export interface SharedDecisions {
  readonly verdict: Verdict;
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** The columns of a host: its first pair, its last pair, and the number of its pairs. */
const [FIRST_PAIR, LAST_PAIR, SIZE] = [0, 1, 2];
/** The columns of a pair: its machine, and the next pair of the same host. */
const [MACHINE, NEXT] = [0, 1];
/** The measures of a pair: its counts in the order of VERDICTS, then its first and last time; NaN without a time. */
const [FIRST, LAST] = [VERDICTS.length, VERDICTS.length + 1];

/** The machines that asked for each host. A pair of host and machine takes 92 bytes outside the heap. */
export class MachineIndex {
  readonly #limit: number;
  readonly #names = new Names();
  /** Row numbers by the host's name. */
  readonly #rows = new Map<string, number>();
  readonly #hosts = Slab.ofReferences(3);
  /** The number of a pair is its row in both slabs. */
  readonly #pairs = new PairNumbers();
  readonly #cells = Slab.ofReferences(2);
  readonly #measures = Slab.ofDoubles(VERDICTS.length + 2);
  /** Decisions of the pairs above the limit. */
  beyond = 0;

  constructor(limit = PAIRS) {
    this.#limit = limit;
  }

  add(host: string, machine: string, { verdict, count, first, last }: SharedDecisions): void {
    const pair = this.#pair(host, machine);
    if (pair === 0) {
      this.beyond += count;
      return;
    }
    this.#measures.add(pair, VERDICTS.indexOf(verdict), count);
    this.#span(pair, first, last);
  }

  /** The number of a pair, old or new; 0 where the limit is reached. */
  #pair(host: string, machine: string): number {
    const [row, name] = [this.#rows.get(host) ?? 0, this.#names.find(machine)];
    const known = row === 0 || name === 0 ? 0 : this.#pairs.find(row, name);
    if (known !== 0) return known;
    if (this.#pairs.size >= this.#limit) return 0;
    return this.#newPair(
      row === 0 ? this.#newHost(host) : row,
      name === 0 ? this.#names.hold(machine) : name,
    );
  }

  #newHost(name: string): number {
    const row = this.#hosts.take();
    this.#rows.set(name, row);
    return row;
  }

  #newPair(host: number, machine: number): number {
    const pair = this.#pairs.add(host, machine);
    this.#cells.take();
    this.#measures.take();
    this.#cells.set(pair, MACHINE, machine);
    this.#measures.set(pair, FIRST, Number.NaN);
    this.#measures.set(pair, LAST, Number.NaN);
    const before = this.#hosts.get(host, LAST_PAIR);
    if (before === 0) this.#hosts.set(host, FIRST_PAIR, pair);
    else this.#cells.set(before, NEXT, pair);
    this.#hosts.set(host, LAST_PAIR, pair);
    this.#hosts.add(host, SIZE, 1);
    return pair;
  }

  #span(pair: number, first: number | null, last: number | null): void {
    if (first !== null && !(this.#measures.get(pair, FIRST) <= first)) this.#measures.set(pair, FIRST, first);
    if (last !== null && !(this.#measures.get(pair, LAST) >= last)) this.#measures.set(pair, LAST, last);
  }

  /** The machines that asked for a host; empty for an unknown host. */
  of(host: string): HostMachines {
    const row = this.#rows.get(host) ?? 0;
    return {
      size: this.#hosts.get(row, SIZE),
      keys: () => this.#keys(row),
      [Symbol.iterator]: () => this.#shares(row),
    };
  }

  *#keys(host: number): Generator<string> {
    for (const pair of this.#pairsOf(host)) yield this.#names.nameOf(this.#cells.get(pair, MACHINE));
  }

  *#shares(host: number): Generator<readonly [string, MachineShare]> {
    for (const pair of this.#pairsOf(host))
      yield [this.#names.nameOf(this.#cells.get(pair, MACHINE)), this.#shareOf(pair)];
  }

  *#pairsOf(host: number): Generator<number> {
    for (let pair = this.#hosts.get(host, FIRST_PAIR); pair !== 0; pair = this.#cells.get(pair, NEXT))
      yield pair;
  }

  #shareOf(pair: number): MachineShare {
    const counts = new Counts();
    for (const [place, verdict] of VERDICTS.entries()) counts.add(verdict, this.#measures.get(pair, place));
    return { counts, first: this.#time(pair, FIRST), last: this.#time(pair, LAST) };
  }

  #time(pair: number, column: number): number | null {
    const time = this.#measures.get(pair, column);
    return Number.isNaN(time) ? null : time;
  }

  merge(other: MachineIndex): void {
    this.beyond += other.beyond;
    for (const host of other.#rows.keys())
      for (const [machine, { counts, first, last }] of other.of(host)) {
        const pair = this.#pair(host, machine);
        if (pair === 0) {
          this.beyond += counts.total;
          continue;
        }
        for (const [place, verdict] of VERDICTS.entries()) this.#measures.add(pair, place, counts[verdict]);
        this.#span(pair, first, last);
      }
  }
}
