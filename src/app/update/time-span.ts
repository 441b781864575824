import { keyFor } from '../keys/key-bindings.ts';
import type { Charts } from '../../core/traffic/time/charts.ts';
import { shownColumns, shownTime } from '../lists/shown-time.ts';
import type { State } from '../state/state.ts';
import { ZOOMS } from '../state/time-span.ts';
import { noticed } from './edit.ts';
import type { Step } from './step.ts';

const NO_TIME = 'no decision with a time has been read yet';

/** `+` and `-`: shortens or lengthens the stretch of the chart. If the chart is hidden, a notice names the stretch. */
export function zoomed(state: State, direction: 1 | -1, charts: Charts): Step {
  const shown = shownTime(state, charts);
  if (!shown) return noticed(state, NO_TIME);
  const zoom = Math.max(0, Math.min(ZOOMS.length - 1, shown.zoom + direction));
  const until = ZOOMS[zoom]?.spanMs === null ? null : state.timeSpan.until;
  return [{ ...state, timeSpan: { zoom, until } }, []];
}

/** `[` and `]`: moves half a stretch back or forward. At the end the chart follows the newest decisions again. */
export function timeMoved(state: State, direction: 1 | -1, charts: Charts): Step {
  const shown = shownTime(state, charts);
  const { newestAt, oldestAt } = charts;
  if (!shown || newestAt === null || oldestAt === null) return noticed(state, NO_TIME);
  if (ZOOMS[shown.zoom]?.spanMs === null)
    return noticed(state, `all of the time is shown: ${keyFor(state, 'shorter-time')} shows less of it`);
  const { zoom } = state.timeSpan;
  const newest =
    shownTime({ now: state.now, timeSpan: { zoom: shown.zoom, until: null } }, charts)?.until ?? newestAt;
  const moved = shown.until + (direction * shown.spanMs) / 2;
  const until = Math.max(oldestAt + shown.spanMs / 2, moved);
  return [{ ...state, timeSpan: { zoom: zoom ?? shown.zoom, until: until >= newest ? null : until } }, []];
}

/** `{` and `}`: limits the screen to the time of the chart, counted anew. A frozen view is unfrozen. */
export function windowChosen(state: State, end: 'following' | 'fixed', charts: Charts): Step {
  const shown = shownColumns(state, charts);
  if (!shown) return noticed(state, NO_TIME);
  const until = end === 'following' && state.timeSpan.until === null ? null : shown.until;
  const { from } = shown;
  const freed: Step[1] = state.isFrozen ? [{ type: 'freeze', isFrozen: false }] : [];
  return [
    { ...state, isFrozen: false, window: { from, until, progress: 0, lacking: [] } },
    [...freed, { type: 'count-window', from, until }],
  ];
}

/** `=`: removes the time window. */
export function windowLeft(state: State): Step {
  if (!state.window) return noticed(state, 'no window is set: { sets it to the time that the chart shows');
  return [{ ...state, window: null }, [{ type: 'leave-window' }]];
}
