/** Each bucket is this much wider than the one before: a quantile is within ±5 % of a duration that was measured. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** So many buckets stand in a list; more in a Map, which takes more memory. Most hosts have few. */
const FEW = 12;

/** A histogram of durations in logarithmic buckets, made when the first one comes; mergeable (DDSketch, Masson et al., VLDB 2019). */
export class Durations {
  /** Counts by bucket; while they are few, each behind its bucket. */
  #buckets: number[] | Map<number, number> = [];
  #count = 0;

  add(durationMs: number): void {
    this.#addTo(durationMs < 1 ? 0 : 1 + Math.floor(Math.log(durationMs) / LOG_GROWTH), 1);
  }

  #addTo(bucket: number, count: number): void {
    this.#count += count;
    const buckets = this.#buckets;
    if (buckets instanceof Map) return void buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
    for (let place = 0; place < buckets.length; place += 2) {
      if (buckets[place] !== bucket) continue;
      buckets[place + 1] = (buckets[place + 1] ?? 0) + count;
      return;
    }
    // A list that grew by itself would leave room for more.
    if (buckets.length < 2 * FEW) this.#buckets = [...buckets, bucket, count];
    else this.#buckets = new Map([...this.#entries(), [bucket, count]]);
  }

  *#entries(): Generator<[bucket: number, count: number]> {
    const buckets = this.#buckets;
    if (buckets instanceof Map) yield* buckets;
    else
      for (let place = 0; place < buckets.length; place += 2)
        yield [buckets[place] ?? 0, buckets[place + 1] ?? 0];
  }

  merge(other: Durations): void {
    for (const [bucket, count] of other.#entries()) this.#addTo(bucket, count);
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds at or below which the share (0–1) of durations lies; null when none was measured. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const [bucket, count] of [...this.#entries()].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return bucket === 0 ? 0 : GROWTH ** (bucket - 0.5);
    }
    return null;
  }
}
