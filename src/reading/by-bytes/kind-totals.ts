import { Durations } from '../../core/traffic/durations.ts';
import type { Counted, EventSum } from '../../core/traffic/event-sum.ts';
import type { ScannedLines } from './scan/line-scanner.ts';
import type { KnownEvent } from './known-parts.ts';

/** What becomes of the lines of a sort: nothing is known yet, each is decoded, or they are counted with the measures that these bits say. */
const UNKNOWN = 0;
export const DECODED = 1;
/** Known, but without a sum since the last ones were poured. */
export const RESTING = 2;
const COUNTED = 32;
const BYTES = 4;
const DURATION = 8;
const STATUS = 16;

/** What is added up for one sort, cell by cell. */
const CELLS = 5;
const COUNT = 0;
const FIRST = 1;
const LAST = 2;
const SUM = 3;
const NEWEST_STATUS = 4;
const NONE = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, Number.NaN];

/** Adds up the lines of each sort, by its number, in one block of memory: objects, whose numbers lie about, take twice as long. */
export class SortTotals {
  #ways = new Uint8Array(1_024);
  #cells = new Float64Array(1_024 * CELLS);
  readonly #sums: (EventSum | undefined)[] = [];
  readonly #counted: (Counted | undefined)[] = [];
  readonly #durations: (Durations | undefined)[] = [];
  readonly #measuresDurations: boolean;
  #size = 0;

  constructor(measuresDurations: boolean) {
    this.#measuresDurations = measuresDurations;
  }

  /** UNKNOWN, DECODED, RESTING, or a sort that was opened. */
  wayOf(sort: number): number {
    return this.#ways[sort] ?? UNKNOWN;
  }

  /** From now on its lines are decoded one by one. */
  decode(sort: number): void {
    this.#makeRoom(sort);
    this.#ways[sort] = DECODED;
  }

  /** From now on its lines are added up, to be poured into `sum`. */
  open(sort: number, { counted, ruling }: KnownEvent, sum: EventSum): void {
    this.#makeRoom(sort);
    this.#ways[sort] =
      COUNTED |
      (ruling.hasBytes ? BYTES : 0) |
      (ruling.hasDuration && this.#measuresDurations ? DURATION : 0) |
      (ruling.hasStatus ? STATUS : 0);
    this.#counted[sort] = counted;
    this.#begin(sort, sum);
  }

  /** What the lines of a sort that was opened before are counted as. */
  countedAs(sort: number): Counted {
    return this.#counted[sort] as Counted;
  }

  /** Opens a resting sort again. */
  reopen(sort: number, sum: EventSum): void {
    this.#ways[sort] = (this.#ways[sort] as number) & ~RESTING;
    this.#begin(sort, sum);
  }

  #begin(sort: number, sum: EventSum): void {
    const cells = this.#cells;
    const cell = sort * CELLS;
    for (let index = 0; index < CELLS; index += 1) cells[cell + index] = NONE[index] as number;
    this.#sums[sort] = sum;
  }

  /** Adds a line of a sort that was opened. */
  add(sort: number, lines: ScannedLines, index: number): void {
    const cells = this.#cells;
    const way = this.#ways[sort] as number;
    const cell = sort * CELLS;
    const at = lines.at[index] as number;
    const bytes = lines.bytes[index] as number;
    const status = lines.status[index] as number;
    cells[cell + COUNT] = (cells[cell + COUNT] as number) + 1;
    if (at < (cells[cell + FIRST] as number)) cells[cell + FIRST] = at;
    if (at > (cells[cell + LAST] as number)) cells[cell + LAST] = at;
    if ((way & BYTES) !== 0 && bytes > 0) cells[cell + SUM] = (cells[cell + SUM] as number) + bytes;
    if ((way & STATUS) !== 0 && status >= 0) cells[cell + NEWEST_STATUS] = status;
    const durationMs = (way & DURATION) === 0 ? Number.NaN : (lines.durationMs[index] as number);
    if (durationMs >= 0) (this.#durations[sort] ??= new Durations()).add(durationMs);
  }

  /** Pours all totals into their sums; the sorts rest. */
  pour(): void {
    const cells = this.#cells;
    for (let sort = 0; sort < this.#sums.length; sort += 1) {
      const sum = this.#sums[sort];
      if (!sum) continue;
      const cell = sort * CELLS;
      sum.addAll({
        count: cells[cell + COUNT] as number,
        first: cells[cell + FIRST] as number,
        last: cells[cell + LAST] as number,
        bytes: cells[cell + SUM] as number,
        status: cells[cell + NEWEST_STATUS] as number,
        durations: this.#durations[sort] ?? null,
      });
      this.#ways[sort] = (this.#ways[sort] as number) | RESTING;
    }
    this.#sums.fill(undefined);
    this.#durations.fill(undefined);
  }

  /** Forgets the sorts, which must have been poured. */
  forget(): void {
    this.#ways.fill(UNKNOWN);
    this.#counted.length = 0;
    this.#sums.length = 0;
    this.#durations.length = 0;
    this.#size = 0;
  }

  /** Sorts that are known. */
  get size(): number {
    return this.#size;
  }

  #makeRoom(sort: number): void {
    this.#size = Math.max(this.#size, sort + 1);
    if (sort < this.#ways.length) return;
    const ways = new Uint8Array(2 * sort);
    ways.set(this.#ways);
    const cells = new Float64Array(2 * sort * CELLS);
    cells.set(this.#cells);
    [this.#ways, this.#cells] = [ways, cells];
  }
}
