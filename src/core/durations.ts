/** Each bucket is this much wider than the one before: a quantile is within ±5 % of a duration that was measured. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** A histogram of durations in logarithmic buckets, made when the first one comes; mergeable (DDSketch, Masson et al., VLDB 2019). */
export class Durations {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  add(durationMs: number): void {
    this.#addTo(durationMs < 1 ? 0 : 1 + Math.floor(Math.log(durationMs) / LOG_GROWTH), 1);
  }

  #addTo(bucket: number, count: number): void {
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    this.#count += count;
  }

  merge(other: Durations): void {
    for (const [bucket, count] of other.#buckets) this.#addTo(bucket, count);
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds at or below which the share (0–1) of durations lies; null when none was measured. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const bucket of [...this.#buckets.keys()].sort((one, other) => one - other)) {
      left -= this.#buckets.get(bucket) ?? 0;
      if (left <= 0) return bucket === 0 ? 0 : GROWTH ** (bucket - 0.5);
    }
    return null;
  }
}
