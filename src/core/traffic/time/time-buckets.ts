import { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';

/** Decisions per span of time: the newest `capacity` spans by the events' own clock. Older decisions are counted as `older`. */
export class TimeBuckets {
  readonly widthMs: number;
  readonly capacity: number;
  readonly #buckets = new Map<number, Counts>();
  #newest = Number.NEGATIVE_INFINITY;
  #older = 0;
  /** The first span in which anything was ever counted. */
  #first = Number.POSITIVE_INFINITY;
  /** The bucket that was counted in last: most decisions come in the order of time. */
  #last = { index: Number.NaN, bucket: new Counts() };

  constructor(widthMs: number, capacity: number) {
    this.widthMs = widthMs;
    this.capacity = capacity;
  }

  add(at: number, verdict: Verdict, count = 1): void {
    const index = Math.floor(at / this.widthMs);
    if (index > this.#newest) this.#advance(index);
    if (index < this.#first) this.#first = index;
    if (index <= this.#newest - this.capacity) this.#older += count;
    else {
      if (this.#last.index !== index) this.#last = { index, bucket: this.#bucket(index) };
      this.#last.bucket.add(verdict, count);
    }
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
    this.#first = Math.min(this.#first, other.#first);
    for (const [index, bucket] of other.#buckets) {
      if (index <= this.#newest - this.capacity) this.#older += bucket.total;
      else this.#bucket(index).merge(bucket);
    }
    this.#older += other.#older;
  }

  /** Spans that are held, those that the next sweep lets go of among them. */
  get size(): number {
    return this.#buckets.size;
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

  /** Start of the oldest span that may be kept and not be empty, unix ms; null before the first decision with a time. */
  get oldestAt(): number | null {
    const oldest = Math.max(this.#first, this.#newest - this.capacity + 1);
    return Number.isFinite(oldest) ? oldest * this.widthMs : null;
  }

  /** Whether every decision since then is still in a span of its own. */
  keeps(from: number): boolean {
    const oldest = this.#newest - this.capacity;
    return this.#first > oldest || Math.floor(from / this.widthMs) > oldest;
  }

  /** `count` columns of so many ms, a multiple of a span, from the start of one on; null where nothing was decided. */
  joined(from: number, columnMs: number, count: number): readonly (Counts | null)[] {
    const each = columnMs / this.widthMs;
    const first = Math.round(from / this.widthMs);
    const columns = Array<Counts | null>(count).fill(null);
    const take = (index: number, bucket: Counts): void => {
      const column = Math.floor((index - first) / each);
      (columns[column] ??= new Counts()).merge(bucket);
    };
    const isKept = (index: number): boolean =>
      index >= first && index < first + each * count && index > this.#newest - this.capacity;
    if (each * count > this.#buckets.size) {
      for (const [index, bucket] of this.#buckets) if (isKept(index)) take(index, bucket);
      return columns;
    }
    for (let index = first; index < first + each * count; index += 1) {
      const bucket = this.#buckets.get(index);
      if (bucket && isKept(index)) take(index, bucket);
    }
    return columns;
  }
}
