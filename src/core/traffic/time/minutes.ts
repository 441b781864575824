import { chartedUntil } from './charts.ts';
import { Slab } from '../slab.ts';

/** The number of newest minutes whose decisions a row keeps. */
export const MINUTES_KEPT = 16;
export const MINUTE_MS = 60_000;

/** The minute of a time in unix ms. */
export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);

/** Whether rows still keep the minute of this time. */
export const isKept = (at: number | null, now: number): at is number =>
  at !== null && at > now - MINUTES_KEPT * MINUTE_MS && at <= chartedUntil(now);

/** The columns of a block: its newest minute, then a count for each kept minute, at the minute modulo their number. */
const NEWEST = 0;
const placeOf = (minute: number): number => 1 + (minute % MINUTES_KEPT);

/**
 * Decisions by minute for hundreds of thousands of rows. Only a row with recent decisions has a block, of 68 bytes. A decision costs O(1).
 * 0 means no block.
 */
export class Minutes {
  readonly #blocks = Slab.ofReferences(1 + MINUTES_KEPT);

  /** Counts in the block, or in a new one for 0. Returns the block. Minutes older than the kept ones are ignored. */
  add(block: number, minute: number, count: number): number {
    const kept = block === 0 ? this.#blocks.take() : block;
    const newest = block === 0 ? minute : this.#blocks.get(kept, NEWEST);
    if (minute <= newest - MINUTES_KEPT) return kept;
    for (let next = Math.max(newest + 1, minute - MINUTES_KEPT + 1); next <= minute; next += 1)
      this.#blocks.set(kept, placeOf(next), 0);
    if (minute >= newest) this.#blocks.set(kept, NEWEST, minute);
    this.#blocks.add(kept, placeOf(minute), count);
    return kept;
  }

  /** The number of decisions in one minute. */
  in(block: number, minute: number): number {
    const newest = this.#blocks.get(block, NEWEST);
    if (block === 0 || minute > newest || minute <= newest - MINUTES_KEPT) return 0;
    return this.#blocks.get(block, placeOf(minute));
  }

  /** The newest minute with a decision. */
  newest(block: number): number {
    return this.#blocks.get(block, NEWEST);
  }

  free(block: number): void {
    if (block !== 0) this.#blocks.free(block);
  }
}
