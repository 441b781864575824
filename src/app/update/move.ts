import { cursorIndex } from '../lists/order.ts';
import { heldOf } from '../select/pages/page.ts';
import { scrollTo } from '../select/columns/table.ts';
import type { View } from '../select/select.ts';
import type { State } from '../state/state.ts';
import type { Page } from '../state/page.ts';
import type { Context, Step } from './step.ts';
import { opened } from './open.ts';

/** A movement: its distance and unit. */
export interface Move {
  readonly by: 'line' | 'half' | 'page' | 'all';
  readonly direction: 1 | -1;
}

/** Moves the cursor of the topmost page, or of the list. */
export function moved(state: State, move: Move, view: View): State {
  const page = state.pages.at(-1);
  if (!page)
    return placed(
      state,
      view,
      cursorIndex(state, view.order) + distance(move, view.order.length, view.height),
    );
  return onPage({ state, page }, view, view.pageCursor + distance(move, view.page.length, view.height));
}

/** Puts the cursor on a line of the topmost page, and holds its event. */
export function onPage(
  { state, page }: { readonly state: State; readonly page: Page },
  view: View,
  wanted: number,
): State {
  const cursor = clamp(wanted, view.page.length);
  const top = scrollTo(view.listTop, cursor, { height: view.height, total: view.page.length });
  const under = view.page[cursor];
  const held = under ? heldOf(under) : null;
  return { ...state, pages: [...state.pages.slice(0, -1), { ...page, cursor, top, held }] };
}

function distance({ by, direction }: Move, total: number, height: number): number {
  switch (by) {
    case 'line':
      return direction;
    case 'half':
      return direction * Math.max(1, Math.floor(height / 2));
    case 'page':
      return direction * Math.max(1, height - 1);
    case 'all':
      return direction * total;
  }
}

const clamp = (index: number, total: number): number => Math.max(0, Math.min(index, total - 1));

/** Puts the cursor on a row and remembers its key. At the top of the Stream the cursor follows the newest record instead. */
export function placed(state: State, view: View, wanted: number): State {
  const index = clamp(wanted, view.order.length);
  const list = state.lists[state.screen];
  const key = state.screen === 'stream' && index === 0 ? null : (view.order.at(index) ?? null);
  const top = scrollTo(view.listTop, index, { height: view.height, total: view.order.length });
  return { ...state, lists: { ...state.lists, [state.screen]: { ...list, key, index, top } } };
}

/**
 * Binds the cursor to the row that is visible under it, so that rows which arrive above do not put another host there. While a log is read
 * to its end the cursor stays at the top, because that row changes all the time. At the top of the Stream, and while a dialog is open, it
 * is not bound either.
 */
export function anchored(state: State, view: Pick<View, 'order'>): State {
  const { screen, lists, dialog, sources } = state;
  if (screen === 'stream' || dialog.type !== 'none' || sources.some(({ state }) => state === 'reading'))
    return state;
  const index = cursorIndex(state, view.order);
  const key = view.order.at(index);
  const list = lists[screen];
  if (key === undefined || (key === list.key && index === list.index)) return state;
  return { ...state, lists: { ...lists, [screen]: { ...list, key, index } } };
}

/** A click puts the cursor on a row. A click on the cursor's row opens it. */
export function rowClicked(
  state: State,
  { row, column }: { readonly row: number; readonly column: number },
  context: Context,
): Step {
  const { view } = context;
  if (state.dialog.type !== 'none' || state.prompt.type !== 'none' || column < 0) return [state, []];
  const index = view.listTop + row - view.listRow;
  const page = state.pages.at(-1);
  const total = page ? view.page.length : view.order.length;
  if (column >= view.listColumns || row < view.listRow || row >= view.listRow + view.height || index >= total)
    return [state, []];
  const before = page ? view.pageCursor : cursorIndex(state, view.order);
  if (before === index) return [opened(state, context), []];
  return [page ? onPage({ state, page }, view, index) : placed(state, view, index), []];
}
