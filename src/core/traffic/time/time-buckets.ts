import { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';

/**
 * Decisions in spans of equal width, by the events' own times. The newest `capacity` spans are kept; older decisions are counted in
 * `older`.
 */
export class TimeBuckets {
  readonly widthMs: number;
  readonly capacity: number;
  readonly #buckets = new Map<number, Counts>();
  #newest = Number.NEGATIVE_INFINITY;
  #older = 0;
  /** The first span that ever had a decision. */
  #first = Number.POSITIVE_INFINITY;
  /** Cache of the bucket used last: most decisions come in the order of time. */
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

  /** Drops the spans that are too old. It sweeps once for each `capacity` new spans, so that a span costs O(1). */
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

  /** The number of stored spans, including those that the next sweep drops. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Decisions too old to be kept. */
  get older(): number {
    let older = this.#older;
    for (const [index, bucket] of this.#buckets)
      if (index <= this.#newest - this.capacity) older += bucket.total;
    return older;
  }

  /** Unix ms of the start of the newest span; null without decisions that have a time. */
  get newestAt(): number | null {
    return Number.isFinite(this.#newest) ? this.#newest * this.widthMs : null;
  }

  /** Unix ms of the earliest kept span that may have decisions; null without decisions that have a time. */
  get oldestAt(): number | null {
    const oldest = Math.max(this.#first, this.#newest - this.capacity + 1);
    return Number.isFinite(oldest) ? oldest * this.widthMs : null;
  }

  /** Whether all spans since `from` are kept. */
  keeps(from: number): boolean {
    const oldest = this.#newest - this.capacity;
    return this.#first > oldest || Math.floor(from / this.widthMs) > oldest;
  }

  /** Joins spans to `count` columns of `columnMs` each, a multiple of the span, starting at `from`. Null for a column without decisions. */
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
