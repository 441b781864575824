import type { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';
import { TimeBuckets } from './time-buckets.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The widths and numbers of the kept buckets, finest first. They span an hour, a day, a month and ten years. */
export const CHARTED = [
  { widthMs: SECOND, spans: 3_600 },
  { widthMs: MINUTE, spans: 1_440 },
  { widthMs: HOUR / 4, spans: 2_976 },
  { widthMs: DAY, spans: 3_660 },
] as const;
/** How far ahead of now a record may be dated. Later records are counted but not charted: they would push the present off the chart. */
const CLOCK_SKEW = 5 * MINUTE;

/** The latest time that is charted, in unix ms. */
export const chartedUntil = (now: number): number => now + CLOCK_SKEW;

/** The widths that a column may have. Each divides the units of a clock evenly. */
const WIDTHS: readonly number[] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30].map(count => count * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR),
  ...[1, 2, 7, 28, 91].map(count => count * DAY),
];
const WIDEST = 182 * DAY;

/** A stretch of time that ends at `until`, in unix ms. */
export interface Stretch {
  readonly until: number;
  readonly spanMs: number;
  /** Whether the columns must include the start of the stretch, even if they then cover more than the stretch. */
  readonly isWhole: boolean;
}

/** Columns of equal width over a stretch of time. */
export interface Columns {
  readonly widthMs: number;
  /** Unix ms of the start of the first column and the end of the last one. */
  readonly from: number;
  readonly until: number;
  /** Oldest first; null for a column without decisions. */
  readonly counts: readonly (Counts | null)[];
}

/** Decisions over time in buckets of several widths. Memory is bounded, and a decision costs O(1). */
export class Charts {
  /** Finest first. */
  readonly kept: readonly TimeBuckets[] = CHARTED.map(
    ({ widthMs, spans }) => new TimeBuckets(widthMs, spans),
  );

  /** Adds a decision. `at` and `now` are unix ms. */
  add(at: number, verdict: Verdict, now: number): void {
    if (at <= chartedUntil(now)) this.addAll(at, verdict, 1);
  }

  /** Adds decisions of one second. None may be dated after `chartedUntil`. */
  addAll(at: number, verdict: Verdict, count: number): void {
    for (const buckets of this.kept) buckets.add(at, verdict, count);
  }

  /** Adds the counts of other charts, older or newer. */
  merge(other: Charts): void {
    this.kept.forEach((buckets, index) => {
      const others = other.kept[index];
      if (others) buckets.merge(others);
    });
  }

  /** Unix ms at which the newest second with a decision begins; null without decisions. */
  get newestAt(): number | null {
    return this.kept[0]?.newestAt ?? null;
  }

  /** Unix ms at which the oldest bucket with a decision begins, as exactly as the kept widths allow; null without decisions. */
  get oldestAt(): number | null {
    const whole = this.kept.find(buckets => buckets.keeps(Number.NEGATIVE_INFINITY));
    return (whole ?? this.kept.at(-1))?.oldestAt ?? null;
  }

  /**
   * The columns that end with the one that holds `until`, as narrow as `most` columns allow. Where narrow buckets are no longer kept, the
   * columns are wider.
   */
  columns(stretch: Stretch, most: number): Columns {
    const { until } = stretch;
    const wide = WIDTHS.find(
      width => countOf(stretch, width) <= most && this.#finest(width, startOf(stretch, width)),
    );
    const widthMs = wide ?? WIDEST;
    const count = Math.max(1, Math.min(most, countOf(stretch, widthMs)));
    const end = (Math.floor(until / widthMs) + 1) * widthMs;
    const from = end - count * widthMs;
    const counts = this.#finest(widthMs, from)?.joined(from, widthMs, count) ?? [];
    return { widthMs, from, until: end, counts };
  }

  /** The narrowest kept buckets that reach back to `from` and fit columns of this width. */
  #finest(widthMs: number, from: number): TimeBuckets | undefined {
    return this.kept.find(
      (buckets, index) =>
        widthMs % buckets.widthMs === 0 && (buckets.keeps(from) || index === this.kept.length - 1),
    );
  }
}

/** The start of the first column. Where the stretch must be whole, the column begins at or before the start of the stretch. */
const startOf = ({ until, spanMs, isWhole }: Stretch, width: number): number =>
  isWhole ? Math.floor((until - spanMs) / width) * width : until - spanMs;

const countOf = ({ until, spanMs, isWhole }: Stretch, width: number): number =>
  Math.floor(until / width) - Math.floor((until - spanMs) / width) + (isWhole ? 1 : 0);
