import { bucketOf } from '../../../core/traffic/durations.ts';
import { CELLS_A_ROW } from '../../../core/traffic/sums/event-sum.ts';
import { PARTS_A_ROW } from '../../../core/traffic/sums/sum-table.ts';
import type { Kernel } from './load-kernel.ts';

/** Groups lie in blocks of so many: see src/reading/by-bytes/scan/kernel/groups.ts. */
const BLOCK_GROUPS = 4_096;
/** A decoded event, in words of 8 bytes: see src/reading/by-bytes/scan/kernel/add-up.ts. */
const EVENT_DOUBLES = 8;
/** Durations: see src/reading/by-bytes/scan/kernel/sketches.ts. */
const SKETCH_WORDS = 16;
const SHEET_SKETCHES = 4_096;
const CELL_COUNT_BITS = 23;
const CELL_COUNT_MASK = 2 ** CELL_COUNT_BITS - 1;
/** A second: see src/reading/by-bytes/scan/kernel/seconds.ts. */
const SECOND_DOUBLES = 3;

/** Integers of so many digits are measured: see src/reading/by-bytes/scan/kernel/values.ts. */
const LONGEST_DURATION = 1e15;

/** The sums of all groups in the kernel, copied. */
export interface CopiedGroups {
  /** Of each group the numbers of its parts' values; the first group came first. */
  readonly parts: Uint32Array<ArrayBuffer>;
  /** Of each group what it adds up to, as a `SumTable` has it. */
  readonly cells: Float64Array<ArrayBuffer>;
  readonly durationStarts: Uint32Array<ArrayBuffer> | null;
  readonly durations: Uint32Array<ArrayBuffer>;
}

/** The sums of the kernel, read where they stand. */
export class KernelGroups {
  readonly #kernel: Kernel;
  #measuresDurations = false;
  #decoded = new Float64Array(0);

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** From now on durations are measured too. */
  measureDurations(): void {
    this.#measuresDurations = true;
    for (const bound of boundsOfBuckets()) this.#kernel.addBound(bound);
  }

  /** From now on decisions up to this unix time in ms are kept for charts. */
  chartUntil(ms: number): void {
    this.#kernel.chartUntil(ms);
  }

  /** From now on the kernel is full with so many groups. */
  limit(groups: number): void {
    this.#kernel.limitGroups(groups);
  }

  get count(): number {
    return this.#kernel.groupCount.value;
  }

  /**
   * Adds up an event that was decoded: the numbers of its values, then unix ms, bytes, ms and status, NaN for what it does not have. False
   * where there is no room.
   */
  add(numbers: readonly number[], measures: readonly number[]): boolean {
    const { memory, DECODED_EVENT } = this.#kernel;
    if (this.#decoded.length === 0)
      this.#decoded = new Float64Array(memory.buffer, DECODED_EVENT.value, EVENT_DOUBLES);
    const [at = Number.NaN, bytes = Number.NaN, durationMs = Number.NaN, status = Number.NaN] = measures;
    const isMeasured = this.#measuresDurations && durationMs >= 0;
    this.#decoded.set(numbers);
    this.#decoded.set([at, bytes, status, isMeasured ? bucketOf(durationMs) : Number.NaN], PARTS_A_ROW);
    return this.#kernel.addDecoded() !== 0;
  }

  /** The events from here on are older than all before: the status of a group stays that of its newest event. */
  beginOlder(): void {
    this.#kernel.beginOlderBlock();
  }

  /** Copies all groups and forgets them. */
  take(): CopiedGroups {
    const { count } = this;
    const parts = new Uint32Array(count * PARTS_A_ROW);
    const cells = new Float64Array(count * CELLS_A_ROW);
    const sketches = new Uint32Array(this.#measuresDurations ? count : 0);
    for (let from = 0; from < count; from += BLOCK_GROUPS) {
      const size = Math.min(count - from, BLOCK_GROUPS);
      const partsAt = this.#kernel.packBlock(from, size);
      const cellsAt = partsAt + BLOCK_GROUPS * PARTS_A_ROW * parts.BYTES_PER_ELEMENT;
      const sketchesAt = cellsAt + BLOCK_GROUPS * CELLS_A_ROW * cells.BYTES_PER_ELEMENT;
      const { buffer } = this.#kernel.memory;
      parts.set(new Uint32Array(buffer, partsAt, size * PARTS_A_ROW), from * PARTS_A_ROW);
      cells.set(new Float64Array(buffer, cellsAt, size * CELLS_A_ROW), from * CELLS_A_ROW);
      if (this.#measuresDurations) sketches.set(new Uint32Array(buffer, sketchesAt, size), from);
    }
    const durations = this.#durationsOf(sketches);
    this.#kernel.forgetGroups();
    return { parts, cells, ...durations };
  }

  /** Follows the chain of each sketch, of which the first is known. */
  #durationsOf(sketches: Uint32Array): Pick<CopiedGroups, 'durationStarts' | 'durations'> {
    if (!this.#measuresDurations) return { durationStarts: null, durations: new Uint32Array(0) };
    const words = new Uint32Array(this.#kernel.memory.buffer);
    const sheets = this.#kernel.SHEETS.value / words.BYTES_PER_ELEMENT;
    const starts = new Uint32Array(sketches.length + 1);
    let pairs = new Uint32Array(2 * sketches.length);
    let size = 0;
    for (let group = 0; group < sketches.length; group += 1) {
      starts[group] = size / 2;
      for (let sketch = sketches[group] as number; sketch !== 0;) {
        const sheet =
          (words[sheets + Math.floor(sketch / SHEET_SKETCHES)] as number) / words.BYTES_PER_ELEMENT;
        const at = sheet + (sketch % SHEET_SKETCHES) * SKETCH_WORDS;
        if (size + 2 * SKETCH_WORDS > pairs.length) pairs = twiceAsLong(pairs);
        for (let cell = at + 1; cell < at + SKETCH_WORDS && words[cell] !== 0; cell += 1) {
          const value = words[cell] as number;
          pairs[size] = value >>> CELL_COUNT_BITS;
          pairs[size + 1] = value & CELL_COUNT_MASK;
          size += 2;
        }
        sketch = words[at] as number;
      }
    }
    starts[sketches.length] = size / 2;
    return { durationStarts: starts, durations: pairs.slice(0, size) };
  }

  /** Whether the kernel waits for its seconds to be taken. */
  get areSecondsFull(): boolean {
    return this.#kernel.secondCount.value >= this.#kernel.MAX_SECONDS.value;
  }

  /** Tells of each second and verdict (as its number, counted from 1) how many decisions there were, and forgets them. */
  takeSeconds(tell: (second: number, verdict: number, count: number) => void): void {
    const { memory, SECONDS, secondCount } = this.#kernel;
    const doubles = new Float64Array(memory.buffer, SECONDS.value, secondCount.value * SECOND_DOUBLES);
    for (let at = 0; at < doubles.length; at += SECOND_DOUBLES)
      tell(doubles[at] as number, doubles[at + 1] as number, doubles[at + 2] as number);
    this.#kernel.forgetSeconds();
  }
}

function twiceAsLong(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * words.length + 2 * SKETCH_WORDS);
  longer.set(words);
  return longer;
}

/** The least whole number of each bucket but the first. */
function boundsOfBuckets(): readonly number[] {
  const bounds: number[] = [];
  const last = bucketOf(LONGEST_DURATION);
  for (let bucket = 1; bucket <= last; bucket += 1) {
    let [low, high] = [bounds.at(-1) ?? 1, LONGEST_DURATION];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (bucketOf(middle) >= bucket) high = middle;
      else low = middle + 1;
    }
    bounds.push(low);
  }
  return bounds;
}
