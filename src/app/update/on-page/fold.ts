import { AT_FIRST, turnedOver, type Folding, type Page } from '../../state/page.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import type { Context, Step } from '../step.ts';

type EventPage = Extract<Page, { readonly type: 'event' }>;

/** Folds or opens the part at the cursor, and puts the cursor on its first line. Null if nothing can be folded there. */
export function foldTurned(state: State, { view }: Context): State | null {
  const page = state.pages.at(-1);
  const fold = view.page[view.pageCursor]?.fold;
  if (page?.type !== 'event' || fold === undefined) return null;
  const cursor = view.page.findIndex(shown => shown.fold === fold);
  return withFolding(state, { ...page, cursor, held: null }, turnedOver(page.folding ?? AT_FIRST, fold));
}

/** Space on a page: folds or opens the part of a record at the cursor. */
export function foldPressed(state: State, context: Context): Step {
  const turned = foldTurned(state, context);
  return turned
    ? [turned, []]
    : noticed(state, 'nothing can be folded here, only the record on an event’s page');
}

/** `-` and `+` on a page: folds or opens all parts of the record below its outermost braces. */
export function allFolded(state: State, all: 'folded' | 'open'): Step {
  const page = state.pages.at(-1);
  if (page?.type !== 'event')
    return noticed(state, 'nothing can be folded here, only the record on an event’s page');
  const turned = new Set(all === 'folded' ? [''] : []);
  return [withFolding(state, page, { all, turned }), []];
}

const withFolding = (state: State, page: EventPage, folding: Folding): State => ({
  ...state,
  pages: [...state.pages.slice(0, -1), { ...page, folding }],
});
