import { SORTS } from '../lists/order.ts';
import type { ScreenName, SortKey } from './screen.ts';
import type { State } from './state.ts';

/** How an operator wants the screen at the start. What is not said stays as it is. */
export interface Preferences {
  readonly screen?: ScreenName;
  readonly mouse?: boolean;
  readonly panes?: { readonly side?: boolean; readonly below?: boolean };
  readonly collapsesRetries?: boolean;
  /** The sort of each list, and whether its order is reversed. */
  readonly sorts?: Readonly<
    Partial<Record<ScreenName, { readonly sort: SortKey; readonly isReversed: boolean }>>
  >;
}

/** The state with the operator's preferences. A sort that the list does not know stays out. */
export function preferring(state: State, preferences: Preferences): State {
  const { screen, mouse, panes, collapsesRetries, sorts = {} } = preferences;
  const lists = Object.fromEntries(
    Object.entries(state.lists).map(([name, list]) => {
      const wanted = sorts[name as ScreenName];
      const isKnown = wanted && SORTS[name as ScreenName].includes(wanted.sort);
      return [name, isKnown ? { ...list, ...wanted } : list];
    }),
  ) as State['lists'];
  return {
    ...state,
    lists,
    screen: screen ?? state.screen,
    isMouseOn: mouse ?? state.isMouseOn,
    panes: { ...state.panes, ...panes },
    collapsesRetries: collapsesRetries ?? state.collapsesRetries,
  };
}
