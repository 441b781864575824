import { bucketOf, Durations } from '../../../core/traffic/durations.ts';
import type { EventTotals } from '../../../core/traffic/event-sum.ts';
import { PARTS } from '../../../core/record-shape.ts';
import type { Kernel } from './load-kernel.ts';

/** A group in the kernel's memory, as src/reading/by-bytes/scan/kernel/groups.ts lays it out: in words of 4 and of 8 bytes. */
const GROUP_BYTES = 64;
const [WORDS, DOUBLES] = [GROUP_BYTES / 4, GROUP_BYTES / 8];
const SKETCH_WORD = 14;
const [COUNT, FIRST, LAST, SUM, STATUS] = [2, 3, 4, 5, 6];
/** A block of durations: see src/reading/by-bytes/scan/kernel/sketches.ts. */
const BLOCK_WORDS = 16;
const CELL_COUNT_BITS = 23;
const CELL_COUNT_MASK = 2 ** CELL_COUNT_BITS - 1;
/** A second: see src/reading/by-bytes/scan/kernel/seconds.ts. */
const SECOND_DOUBLES = 3;

/** Integers with so many digits are measured; see src/reading/by-bytes/scan/kernel/values.ts. */
const LONGEST_DURATION = 1e15;

/** What the kernel has added up, read where it stands. */
export class KernelGroups {
  readonly #kernel: Kernel;
  #words = new Uint32Array(0);
  #doubles = new Float64Array(0);
  #blocks = new Uint32Array(0);

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** From now on durations are measured too. */
  measureDurations(): void {
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

  /** Looks where the groups stand now. To be called before they are read. */
  look(): void {
    const { memory, groups, sketches } = this.#kernel;
    this.#words = new Uint32Array(memory.buffer, groups.value, this.count * WORDS);
    this.#doubles = new Float64Array(memory.buffer, groups.value, this.count * DOUBLES);
    this.#blocks = new Uint32Array(memory.buffer, sketches.value);
  }

  /** The numbers of the values of its parts, in the order of PARTS. Groups are numbered from 0 in the order in which they came. */
  parts(group: number): readonly number[] {
    return [...this.#words.subarray(group * WORDS, group * WORDS + PARTS.length)];
  }

  totals(group: number): EventTotals {
    const doubles = this.#doubles;
    const cell = group * DOUBLES;
    return {
      count: doubles[cell + COUNT] as number,
      first: doubles[cell + FIRST] as number,
      last: doubles[cell + LAST] as number,
      bytes: doubles[cell + SUM] as number,
      status: doubles[cell + STATUS] as number,
      durations: this.#durations(this.#words[group * WORDS + SKETCH_WORD] as number),
    };
  }

  #durations(first: number): Durations | null {
    if (first === 0) return null;
    const blocks = this.#blocks;
    const durations = new Durations();
    for (let block = first; block !== 0; block = blocks[block * BLOCK_WORDS] as number)
      for (let cell = 1; cell < BLOCK_WORDS; cell += 1) {
        const value = blocks[block * BLOCK_WORDS + cell] as number;
        if (value === 0) break;
        durations.addTo(value >>> CELL_COUNT_BITS, value & CELL_COUNT_MASK);
      }
    return durations;
  }

  /** Tells of each second and verdict (as its number, counted from 1) how many decisions there were, and forgets them. */
  takeSeconds(tell: (second: number, verdict: number, count: number) => void): void {
    const { memory, SECONDS, secondCount } = this.#kernel;
    const doubles = new Float64Array(memory.buffer, SECONDS.value, secondCount.value * SECOND_DOUBLES);
    for (let at = 0; at < doubles.length; at += SECOND_DOUBLES)
      tell(doubles[at] as number, doubles[at + 1] as number, doubles[at + 2] as number);
    this.#kernel.forgetSeconds();
  }

  forget(): void {
    this.#kernel.forgetGroups();
  }
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
