import { MINUTE_MS, MINUTES_KEPT } from '../../core/traffic/time/minutes.ts';
import type { RateMoment } from '../../core/traffic/time/rate.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';

const SECOND_MS = 1_000;

/** The time for which rates are computed: the last full second, or the end of a fixed window. */
export const rateMoment = ({ now, window }: Pick<State, 'now' | 'window'>, traffic: Traffic): RateMoment => ({
  at: Math.min(Math.floor(now / SECOND_MS) * SECOND_MS, window?.until ?? Number.POSITIVE_INFINITY),
  knownFrom: traffic.minutesFrom,
});

/** Whether there are decisions in the minutes that rows keep. In an old log there are none. */
export function isLively(traffic: Traffic, { at }: RateMoment): boolean {
  const { newestAt } = traffic.charts;
  return newestAt !== null && newestAt > at - MINUTES_KEPT * MINUTE_MS;
}
