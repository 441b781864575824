import type { Counts } from '../counts.ts';
import type { Verdict } from '../../event.ts';
import { TimeBuckets } from './time-buckets.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The buckets that are kept at each width, the finest first: an hour, a day, a month and ten years. */
export const CHARTED = [
  { widthMs: SECOND, spans: 3_600 },
  { widthMs: MINUTE, spans: 1_440 },
  { widthMs: HOUR / 4, spans: 2_976 },
  { widthMs: DAY, spans: 3_660 },
] as const;
/** A record dated further ahead than this would push the true present off the chart: it is counted, not charted. */
const CLOCK_SKEW = 5 * MINUTE;

/** The latest unix ms that is charted. */
export const chartedUntil = (now: number): number => now + CLOCK_SKEW;

/** Widths of a column, each of which a clock shows in whole steps. */
const WIDTHS: readonly number[] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30].map(count => count * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR),
  ...[1, 2, 7, 28, 91].map(count => count * DAY),
];
const WIDEST = 182 * DAY;

/** A stretch of time, in unix ms. */
export interface Stretch {
  readonly until: number;
  readonly spanMs: number;
  /** Whether its start has to be in a column, too, although the columns are then longer than it. */
  readonly isWhole: boolean;
}

/** Columns of one width over a stretch of time. */
export interface Columns {
  readonly widthMs: number;
  /** Unix ms at which the first column begins and the last one ends. */
  readonly from: number;
  readonly until: number;
  /** Oldest first; null where nothing was decided. */
  readonly counts: readonly (Counts | null)[];
}

/** Decisions over time, at several widths: bounded memory, and O(1) a decision. */
export class Charts {
  /** The finest first. */
  readonly kept: readonly TimeBuckets[] = CHARTED.map(
    ({ widthMs, spans }) => new TimeBuckets(widthMs, spans),
  );

  /** `at` and `now` are unix ms. */
  add(at: number, verdict: Verdict, now: number): void {
    if (at <= chartedUntil(now)) this.addAll(at, verdict, 1);
  }

  /** Adds many of one second, none of which is dated after `chartedUntil`. */
  addAll(at: number, verdict: Verdict, count: number): void {
    for (const buckets of this.kept) buckets.add(at, verdict, count);
  }

  /** Takes up what another counted, older or newer. */
  merge(other: Charts): void {
    this.kept.forEach((buckets, index) => {
      const others = other.kept[index];
      if (others) buckets.merge(others);
    });
  }

  /** Start of the newest second in which something was decided, unix ms; null before the first. */
  get newestAt(): number | null {
    return this.kept[0]?.newestAt ?? null;
  }

  /** Start of the oldest span in which something was decided, as exactly as is known; null before the first. */
  get oldestAt(): number | null {
    const whole = this.kept.find(buckets => buckets.keeps(Number.NEGATIVE_INFINITY));
    return (whole ?? this.kept.at(-1))?.oldestAt ?? null;
  }

  /**
   * The columns that end with the one holding `until`, each as narrow as `most` columns allow. Where a width is no longer kept so far
   * back, they are wider.
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

  /** The narrowest spans that make up columns of this width, and are kept since then. */
  #finest(widthMs: number, from: number): TimeBuckets | undefined {
    return this.kept.find(
      (buckets, index) =>
        widthMs % buckets.widthMs === 0 && (buckets.keeps(from) || index === this.kept.length - 1),
    );
  }
}

/** The time from which buckets have to be kept: where the start has to be in a column, too, that column begins before it. */
const startOf = ({ until, spanMs, isWhole }: Stretch, width: number): number =>
  isWhole ? Math.floor((until - spanMs) / width) * width : until - spanMs;

const countOf = ({ until, spanMs, isWhole }: Stretch, width: number): number =>
  Math.floor(until / width) - Math.floor((until - spanMs) / width) + (isWhole ? 1 : 0);
