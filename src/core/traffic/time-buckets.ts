import { Counts } from './counts.ts';
import type { Verdict } from '../event.ts';

/** Decisions per span of time: the newest `capacity` spans by the events' own clock. What is older is counted as `older`. */
export class TimeBuckets {
  readonly widthMs: number;
  readonly capacity: number;
  readonly #buckets = new Map<number, Counts>();
  #newest = Number.NEGATIVE_INFINITY;
  #older = 0;

  constructor(widthMs: number, capacity: number) {
    this.widthMs = widthMs;
    this.capacity = capacity;
  }

  add(at: number, verdict: Verdict, count = 1): void {
    const index = Math.floor(at / this.widthMs);
    if (index > this.#newest) this.#advance(index);
    if (index <= this.#newest - this.capacity) this.#older += count;
    else this.#bucket(index).add(verdict, count);
  }

  #bucket(index: number): Counts {
    let bucket = this.#buckets.get(index);
    if (!bucket) this.#buckets.set(index, (bucket = new Counts()));
    return bucket;
  }

  /** Lets go of the spans that the newest one pushes out: in one sweep a capacity, so that each span costs O(1). */
  #advance(newest: number): void {
    this.#newest = newest;
    if (this.#buckets.size < 2 * this.capacity) return;
    for (const [index, bucket] of this.#buckets) {
      if (index > newest - this.capacity) continue;
      this.#older += bucket.total;
      this.#buckets.delete(index);
    }
  }

  merge(other: TimeBuckets): void {
    if (other.#newest > this.#newest) this.#advance(other.#newest);
    for (const [index, bucket] of other.#buckets) {
      if (index <= this.#newest - this.capacity) this.#older += bucket.total;
      else this.#bucket(index).merge(bucket);
    }
    this.#older += other.#older;
  }

  /** Decisions too old to be charted. */
  get older(): number {
    let older = this.#older;
    for (const [index, bucket] of this.#buckets)
      if (index <= this.#newest - this.capacity) older += bucket.total;
    return older;
  }

  /** Start of the newest span, unix ms; null before the first decision with a time. */
  get newestAt(): number | null {
    return Number.isFinite(this.#newest) ? this.#newest * this.widthMs : null;
  }

  /** The `count` spans that end with the one holding `until`, oldest first; null where nothing was decided. */
  last(count: number, until: number): readonly (Counts | null)[] {
    const end = Math.floor(until / this.widthMs);
    return Array.from({ length: count }, (_, index) => this.#buckets.get(end - count + 1 + index) ?? null);
  }
}
