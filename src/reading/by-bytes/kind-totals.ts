import { Durations } from '../../core/traffic/durations.ts';
import type { CountedFields, EventSum } from '../../core/traffic/event-sum.ts';
import type { ScannedLines } from './scan/line-scanner.ts';
import type { KnownEvent } from './known-parts.ts';

/** How the lines of a kind are treated: nothing is known yet, each is decoded, or they are counted with the measures of these bits. */
const UNKNOWN = 0;
export const DECODED = 1;
/** Known, but without a sum since the last ones were poured. */
export const RESTING = 2;
const COUNTED = 32;
const BYTES = 4;
const DURATION = 8;
const STATUS = 16;

/** What is added up for one kind, cell by cell. */
const CELLS = 5;
const COUNT = 0;
const FIRST = 1;
const LAST = 2;
const SUM = 3;
const NEWEST_STATUS = 4;
const NONE = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, Number.NaN];

/** Adds up the lines of each kind, by its number, in one block of memory: objects, whose numbers lie about, take twice as long. */
export class KindTotals {
  #ways = new Uint8Array(1_024);
  #cells = new Float64Array(1_024 * CELLS);
  readonly #sums: (EventSum | undefined)[] = [];
  readonly #counted: (CountedFields | undefined)[] = [];
  readonly #durations: (Durations | undefined)[] = [];
  readonly #measuresDurations: boolean;
  #size = 0;

  constructor(measuresDurations: boolean) {
    this.#measuresDurations = measuresDurations;
  }

  /** UNKNOWN, DECODED, RESTING, or a kind that was opened. */
  wayOf(kind: number): number {
    return this.#ways[kind] ?? UNKNOWN;
  }

  /** From now on its lines are decoded one by one. */
  decode(kind: number): void {
    this.#makeRoom(kind);
    this.#ways[kind] = DECODED;
  }

  /** From now on its lines are added up, to be poured into `sum`. */
  open(kind: number, { counted, ruling }: KnownEvent, sum: EventSum): void {
    this.#makeRoom(kind);
    this.#ways[kind] =
      COUNTED |
      (ruling.hasBytes ? BYTES : 0) |
      (ruling.hasDuration && this.#measuresDurations ? DURATION : 0) |
      (ruling.hasStatus ? STATUS : 0);
    this.#counted[kind] = counted;
    this.#begin(kind, sum);
  }

  /** What the lines of a kind that was opened before are counted as. */
  countedAs(kind: number): CountedFields {
    return this.#counted[kind] as CountedFields;
  }

  /** Opens a resting kind again. */
  reopen(kind: number, sum: EventSum): void {
    this.#ways[kind] = (this.#ways[kind] as number) & ~RESTING;
    this.#begin(kind, sum);
  }

  #begin(kind: number, sum: EventSum): void {
    const cells = this.#cells;
    const cell = kind * CELLS;
    for (let index = 0; index < CELLS; index += 1) cells[cell + index] = NONE[index] as number;
    this.#sums[kind] = sum;
  }

  /** Adds a line of a kind that was opened. */
  add(kind: number, lines: ScannedLines, index: number): void {
    const cells = this.#cells;
    const way = this.#ways[kind] as number;
    const cell = kind * CELLS;
    const at = lines.at[index] as number;
    const bytes = lines.bytes[index] as number;
    const status = lines.status[index] as number;
    cells[cell + COUNT] = (cells[cell + COUNT] as number) + 1;
    if (at < (cells[cell + FIRST] as number)) cells[cell + FIRST] = at;
    if (at > (cells[cell + LAST] as number)) cells[cell + LAST] = at;
    if ((way & BYTES) !== 0 && bytes > 0) cells[cell + SUM] = (cells[cell + SUM] as number) + bytes;
    if ((way & STATUS) !== 0 && status >= 0) cells[cell + NEWEST_STATUS] = status;
    const durationMs = (way & DURATION) === 0 ? Number.NaN : (lines.durationMs[index] as number);
    if (durationMs >= 0) (this.#durations[kind] ??= new Durations()).add(durationMs);
  }

  /** Pours all totals into their sums; the kinds rest. */
  pour(): void {
    const cells = this.#cells;
    for (let kind = 0; kind < this.#sums.length; kind += 1) {
      const sum = this.#sums[kind];
      if (!sum) continue;
      const cell = kind * CELLS;
      sum.addAll({
        count: cells[cell + COUNT] as number,
        first: cells[cell + FIRST] as number,
        last: cells[cell + LAST] as number,
        bytes: cells[cell + SUM] as number,
        status: cells[cell + NEWEST_STATUS] as number,
        durations: this.#durations[kind] ?? null,
      });
      this.#ways[kind] = (this.#ways[kind] as number) | RESTING;
    }
    this.#sums.fill(undefined);
    this.#durations.fill(undefined);
  }

  /** Forgets the kinds, which must have been poured. */
  forget(): void {
    this.#ways.fill(UNKNOWN);
    this.#counted.length = 0;
    this.#sums.length = 0;
    this.#durations.length = 0;
    this.#size = 0;
  }

  /** Kinds that are known. */
  get size(): number {
    return this.#size;
  }

  #makeRoom(kind: number): void {
    this.#size = Math.max(this.#size, kind + 1);
    if (kind < this.#ways.length) return;
    const ways = new Uint8Array(2 * kind);
    ways.set(this.#ways);
    const cells = new Float64Array(2 * kind * CELLS);
    cells.set(this.#cells);
    [this.#ways, this.#cells] = [ways, cells];
  }
}
