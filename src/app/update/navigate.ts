import { keyFor } from '../keys/key-bindings.ts';
import { NO_DIALOG } from '../state/dialog.ts';
import { NO_FILTER } from '../state/prompt.ts';
import { SCREENS, type ScreenName } from '../state/screen.ts';
import { unsearched } from '../state/page.ts';
import type { State } from '../state/state.ts';

/** Goes to another screen. */
export const screenChosen = (state: State, screen: ScreenName): State => ({
  ...state,
  screen,
  pages: [],
  trail: [],
  dialog: NO_DIALOG,
  fresh: screen === 'denied' ? [] : state.fresh,
});

/** The previous or next screen, wrapping around. Machines is skipped without a fleet. */
export function neighbour({ screen, fleet }: Pick<State, 'screen' | 'fleet'>, direction: 1 | -1): ScreenName {
  const shown = SCREENS.filter(name => name !== 'machines' || fleet !== null);
  const index = shown.indexOf(screen) + direction;
  return shown[(index + shown.length) % shown.length] ?? screen;
}

/** Esc: closes a page, else removes a typed filter, else goes back to where Enter was pressed. It never quits. */
export function wentBack(state: State): State {
  if (state.isFirstStart && state.pages.length === 0) return { ...state, isFirstStart: false };
  const page = state.pages.at(-1);
  if (page && (page.search ?? '') !== '')
    return { ...state, pages: [...state.pages.slice(0, -1), unsearched(page)] };
  if (page) return left(state);
  const from = state.trail.at(-1);
  if (from) return state.filter === from.narrowed ? left(state) : { ...state, filter: from.narrowed };
  if (state.filter.text !== '') return cleared(state);
  if (state.marked.size > 0) return { ...state, marked: new Set() };
  return state.fresh.length > 0 ? { ...state, fresh: [] } : state;
}

/** Without its filter. On Stream the keys are told that find its records among all others. */
function cleared(state: State): State {
  const { filter } = state;
  const keys = `${keyFor(state, 'next-match')} and ${keyFor(state, 'previous-match')}`;
  const text = `all records again: ${keys} go to those that match /${filter.text}`;
  return {
    ...state,
    filter: NO_FILTER,
    cleared: filter,
    notice: state.screen === 'stream' && filter.terms.length > 0 ? { text, tone: 'plain' } : state.notice,
  };
}

/** `q`: closes a page, else goes back to where Enter was pressed, with any filter. */
export function left(state: State): State {
  if (state.pages.length > 0) return { ...state, pages: state.pages.slice(0, -1) };
  const from = state.trail.at(-1);
  if (!from) return state;
  const { screen, filter, pages = [] } = from;
  return { ...state, screen, filter, pages, trail: state.trail.slice(0, -1) };
}

/** Opens a page, or closes it if it is open. */
export function pageToggled(state: State, type: 'help' | 'problems' | 'sources' | 'journal'): State {
  if (state.pages.at(-1)?.type === type) return wentBack(state);
  return { ...state, pages: [...state.pages, { type, cursor: 0, top: 0 }] };
}
