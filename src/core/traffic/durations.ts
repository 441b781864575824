/** The width of a bucket divided by that of the one before. A quantile is then within ±5 % of a measured duration. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** The number of durations in each bucket, read-only. */
export interface DurationCounts {
  readonly count: number;
  /** The number of milliseconds that the given share (0–1) of the durations does not exceed; null without durations. */
  readonly quantile: (share: number) => number | null;
  /** The buckets with their counts. The same bucket may come several times. */
  readonly entries: () => Iterable<readonly [bucket: number, count: number]>;
}

/**
 * A histogram of durations in logarithmic buckets; two can be merged (DDSketch, Masson et al., VLDB 2019). For hosts, Histograms holds
 * them.
 */
export class Durations implements DurationCounts {
  readonly #buckets = new Map<number, number>();

  add(durationMs: number): void {
    this.addTo(bucketOf(durationMs), 1);
  }

  /** Adds `count` durations of one bucket. */
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

/** The milliseconds at the middle of a bucket. */
export const middleOf = (bucket: number): number => (bucket === 0 ? 0 : GROWTH ** (bucket - 0.5));

export function countIn(buckets: Iterable<readonly [number, number]>): number {
  let sum = 0;
  for (const [, count] of buckets) sum += count;
  return sum;
}

/** `DurationCounts.quantile` for these buckets. */
function quantileIn(buckets: Iterable<readonly [number, number]>, share: number): number | null {
  const sorted = [...buckets].sort(([one], [other]) => one - other);
  let left = Math.max(1, Math.ceil(share * countIn(sorted)));
  for (const [bucket, count] of sorted) {
    left -= count;
    if (left <= 0) return middleOf(bucket);
  }
  return null;
}
