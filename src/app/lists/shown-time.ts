import type { Charts, Columns, Stretch } from '../../core/traffic/time/charts.ts';
import type { State } from '../state/state.ts';
import { AT_FIRST, ZOOMS } from '../state/time-span.ts';

const MINUTE = 60_000;
/** Cells left of the columns and at the right edge. */
const AROUND = 9;

/** The stretch of time in the chart. It ends now, at the newest decision of an older log, or where the operator moved it. */
export interface ShownTime extends Stretch {
  /** The index in ZOOMS. */
  readonly zoom: number;
}

/** The stretch in the chart; null while no decision has a time. */
export function shownTime(state: Pick<State, 'timeSpan' | 'now'>, charts: Charts): ShownTime | null {
  const { timeSpan, now } = state;
  const { newestAt, oldestAt } = charts;
  if (newestAt === null || oldestAt === null) return null;
  const isYoung = newestAt - oldestAt < AT_FIRST.youngMs;
  const zoom = timeSpan.zoom ?? (isYoung ? AT_FIRST.young : AT_FIRST.usual);
  const named = ZOOMS[zoom]?.spanMs ?? null;
  const spanMs = named ?? Math.max(MINUTE, newestAt - oldestAt);
  const following = now - newestAt > spanMs ? newestAt : Math.max(now, newestAt);
  if (named === null)
    return { zoom, spanMs: Math.max(MINUTE, following - oldestAt), until: following, isWhole: true };
  return { zoom, spanMs, until: timeSpan.until ?? following, isWhole: false };
}

/** The columns of the chart in a terminal of `cells` width; null while no decision has a time. */
export function shownColumns(
  state: Pick<State, 'timeSpan' | 'now' | 'columns'>,
  charts: Charts,
): Columns | null {
  const shown = shownTime(state, charts);
  return shown && charts.columns(shown, Math.max(10, state.columns - AROUND));
}
