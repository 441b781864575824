import { MINUTE_MS, minuteOf } from './minutes.ts';
import type { TrafficRow } from '../traffic-row.ts';

/** The minutes over which a rate is measured. */
const OVER = 5;
/** The least change that counts as rising or falling, as a share and as a number of decisions. One decision more than two is no trend. */
const CHANGE = { share: 0.25, decisions: 3 } as const;

/** The time of a rate in unix ms, and the time from which the minute of every decision is known. */
export interface RateMoment {
  readonly at: number;
  readonly knownFrom: number;
}

/** How often a host, tool or agent is asked for, and whether that rises or falls. */
export interface Rate {
  /** Decisions a minute over the last five full minutes, or over the full minutes that are known. */
  readonly perMinute: number;
  /** The rate of the five minutes before; null where that is unknown. */
  readonly before: number | null;
  readonly trend: 'rising' | 'falling' | 'steady';
}

/** The rate of a row; null where no full minute is known. */
export function rateOf(row: Pick<TrafficRow, 'decidedIn'>, { at, knownFrom }: RateMoment): Rate | null {
  const last = minuteOf(at);
  const first = Math.max(last - OVER + 1, Number.isFinite(knownFrom) ? minuteOf(knownFrom) + 1 : 0);
  if (first >= last) return null;
  const count = sum(row, first, last);
  const minutes = (at - first * MINUTE_MS) / MINUTE_MS;
  const perMinute = count / minutes;
  const [from, to] = [last - 2 * OVER + 1, last - OVER];
  if (from * MINUTE_MS < knownFrom) return { perMinute, before: null, trend: 'steady' };
  const before = sum(row, from, to) / OVER;
  const change = perMinute - before;
  const isTrend = Math.abs(change) > CHANGE.share * before && Math.abs(change) * minutes >= CHANGE.decisions;
  return { perMinute, before, trend: !isTrend ? 'steady' : change > 0 ? 'rising' : 'falling' };
}

/** Decisions in each of the last minutes, oldest first, up to the minute of `at`. */
export function lastMinutes(
  row: Pick<TrafficRow, 'decidedIn'>,
  at: number,
  count: number,
): readonly number[] {
  const last = minuteOf(at);
  return Array.from({ length: count }, (_, index) => row.decidedIn(last - count + 1 + index));
}

function sum(row: Pick<TrafficRow, 'decidedIn'>, from: number, to: number): number {
  let all = 0;
  for (let minute = from; minute <= to; minute += 1) all += row.decidedIn(minute);
  return all;
}
