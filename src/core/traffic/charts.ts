import type { Verdict } from '../event.ts';
import { TimeBuckets } from './time-buckets.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Charted spans: ten minutes by the second, a day by the minute. */
const SECONDS_CHARTED = 600;
const MINUTES_CHARTED = 1_440;
/** A record dated further ahead than this would push the true present off the chart: it is counted, not charted. */
const CLOCK_SKEW = 5 * MINUTE;

/** Decisions over time. */
export class Charts {
  readonly seconds = new TimeBuckets(SECOND, SECONDS_CHARTED);
  readonly minutes = new TimeBuckets(MINUTE, MINUTES_CHARTED);

  /** `at` and `now` are unix ms. */
  add(at: number, verdict: Verdict, now: number): void {
    if (at > now + CLOCK_SKEW) return;
    this.seconds.add(at, verdict);
    this.minutes.add(at, verdict);
  }

  /** Takes up what another counted, older or newer. */
  merge(other: Charts): void {
    this.seconds.merge(other.seconds);
    this.minutes.merge(other.minutes);
  }
}
