/** Each bucket is this much wider than the one before: a quantile is within ±5 % of a duration that was measured. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** A count of durations by bucket, to be read. */
export interface DurationCounts {
  readonly count: number;
  /** Milliseconds at or below which the share (0–1) of durations lies; null when none was measured. */
  readonly quantile: (share: number) => number | null;
  /** A bucket may come more than once. */
  readonly entries: () => Iterable<readonly [bucket: number, count: number]>;
}

/** A histogram of durations in logarithmic buckets; mergeable (DDSketch, Masson et al., VLDB 2019). Hosts have theirs in Histograms. */
export class Durations implements DurationCounts {
  readonly #buckets = new Map<number, number>();

  add(durationMs: number): void {
    this.addTo(bucketOf(durationMs), 1);
  }

  /** Adds many durations of one bucket. */
  addTo(bucket: number, count: number): void {
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
  }

  merge(other: DurationCounts): void {
    for (const [bucket, count] of other.entries()) this.addTo(bucket, count);
  }

  get count(): number {
    return countIn(this.entries());
  }

  quantile(share: number): number | null {
    return quantileIn(this.entries(), share);
  }

  entries(): Iterable<readonly [number, number]> {
    return this.#buckets.entries();
  }
}

/** The bucket of a duration, a small whole number. */
export const bucketOf = (durationMs: number): number =>
  durationMs < 1 ? 0 : 1 + Math.floor(Math.log(durationMs) / LOG_GROWTH);

/** Milliseconds that stand for all durations of a bucket. */
export const middleOf = (bucket: number): number => (bucket === 0 ? 0 : GROWTH ** (bucket - 0.5));

export function countIn(buckets: Iterable<readonly [number, number]>): number {
  let sum = 0;
  for (const [, count] of buckets) sum += count;
  return sum;
}

/** The answer of `DurationCounts.quantile` for these buckets. */
function quantileIn(buckets: Iterable<readonly [number, number]>, share: number): number | null {
  const sorted = [...buckets].sort(([one], [other]) => one - other);
  let left = Math.max(1, Math.ceil(share * countIn(sorted)));
  for (const [bucket, count] of sorted) {
    left -= count;
    if (left <= 0) return middleOf(bucket);
  }
  return null;
}
