import type { Verdict } from '../event.ts';
import { TimeBuckets } from './time-buckets.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Charted spans: ten minutes by the second, a day by the minute. */
export const SECONDS_CHARTED = 600;
export const MINUTES_CHARTED = 1_440;
/** A record dated further ahead than this would push the true present off the chart: it is counted, not charted. */
const CLOCK_SKEW = 5 * MINUTE;

/** The latest unix ms that is charted. */
export const chartedUntil = (now: number): number => now + CLOCK_SKEW;

/** Decisions over time. */
export class Charts {
  readonly seconds = new TimeBuckets(SECOND, SECONDS_CHARTED);
  readonly minutes = new TimeBuckets(MINUTE, MINUTES_CHARTED);

  /** `at` and `now` are unix ms. */
  add(at: number, verdict: Verdict, now: number): void {
    if (at <= chartedUntil(now)) this.addAll(at, verdict, 1);
  }

  /** Adds many of one second, none of which is dated after `chartedUntil`. */
  addAll(at: number, verdict: Verdict, count: number): void {
    this.seconds.add(at, verdict, count);
    this.minutes.add(at, verdict, count);
  }

  /** Takes up what another counted, older or newer. */
  merge(other: Charts): void {
    this.seconds.merge(other.seconds);
    this.minutes.merge(other.minutes);
  }
}
