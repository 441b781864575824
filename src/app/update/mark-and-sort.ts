import { MISSING } from '../../core/traffic/traffic-row.ts';
import { cursorIndex, SORTS } from '../lists/order.ts';
import type { ScreenName } from '../state/screen.ts';
import type { State } from '../state/state.ts';
import { moved } from './move.ts';
import type { Context } from './step.ts';
import { tickToggled } from './suggest.ts';

const withList = (state: State, change: Partial<State['lists'][ScreenName]>): State => ({
  ...state,
  lists: { ...state.lists, [state.screen]: { ...state.lists[state.screen], ...change } },
});

/** Reverses the list. The order of best matches cannot be reversed: the chosen column then sorts the list. */
export const sortReversed = (state: State): State =>
  withList(
    { ...state, filter: { ...state.filter, isRanked: false } },
    { isReversed: !state.lists[state.screen].isReversed },
  );

/** Opens the choice of a sort, with the cursor on the present one. */
export function sortAsked(state: State): State {
  const chosen = SORTS[state.screen].indexOf(state.lists[state.screen].sort);
  return { ...state, dialog: { type: 'sort', chosen: Math.max(0, chosen) } };
}

/** Marks or unmarks the row at the cursor, and moves down. */
export function markToggled(state: State, { view }: Context): State {
  if (state.screen === 'suggest') return moved(tickToggled(state, view), { by: 'line', direction: 1 }, view);
  if (state.screen !== 'hosts' && state.screen !== 'denied')
    return { ...state, notice: { text: 'only hosts can be marked (Hosts, Denied)', tone: 'plain' } };
  const key = view.order.at(cursorIndex(state, view.order));
  if (key === undefined || key === MISSING) return state;
  const marked = new Set(state.marked);
  if (!marked.delete(key)) marked.add(key);
  return moved({ ...state, marked }, { by: 'line', direction: 1 }, view);
}
