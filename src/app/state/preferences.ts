import { SORTS } from '../lists/order.ts';
import type { ColumnChoice, ColumnChoices } from './columns.ts';
import type { KeyChoice } from './key-choice.ts';
import type { ScreenName, SortKey } from './screen.ts';
import type { State } from './state.ts';
import type { SavedView } from './views.ts';

/** A choice that can be saved in the configuration. */
export type ConfigChoice =
  | { readonly type: 'columns'; readonly screen: ScreenName; readonly columns: ColumnChoice }
  | { readonly type: 'view'; readonly view: SavedView };

/** The operator's preferences for the screen. A missing preference leaves the state as it is. */
export interface Preferences {
  readonly screen?: ScreenName;
  readonly mouse?: boolean;
  readonly panes?: { readonly side?: boolean; readonly below?: boolean };
  readonly collapsesRetries?: boolean;
  readonly isFirstStart?: boolean;
  readonly columns?: ColumnChoices;
  readonly views?: readonly SavedView[];
  readonly keys?: KeyChoice;
  readonly showQueries?: boolean;
  /** The sort of each list, and whether it is reversed. */
  readonly sorts?: Readonly<
    Partial<Record<ScreenName, { readonly sort: SortKey; readonly isReversed: boolean }>>
  >;
}

/** The state with the operator's preferences. An unknown sort is ignored. */
export function preferring(state: State, preferences: Preferences): State {
  const {
    screen,
    mouse,
    panes,
    collapsesRetries,
    columns,
    views,
    keys,
    showQueries,
    sorts = {},
  } = preferences;
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
    isFirstStart: preferences.isFirstStart ?? state.isFirstStart,
    columnChoices: columns ?? state.columnChoices,
    views: views ?? state.views,
    keys: keys ?? state.keys,
    options: showQueries === undefined ? state.options : { ...state.options, showQueries },
    collapsesRetries: collapsesRetries ?? state.collapsesRetries,
  };
}
