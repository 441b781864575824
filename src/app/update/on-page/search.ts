import { cursorIndex } from '../../lists/order.ts';
import { eventOfKey, streamTest } from '../../lists/stream-order.ts';
import { keyFor } from '../../keys/key-bindings.ts';
import { EMPTY_INPUT } from '../../keys/text-input.ts';
import { linesThatMatch } from '../../select/pages/search-marks.ts';
import { unsearched, type Page } from '../../state/page.ts';
import type { Prompt } from '../../state/prompt.ts';
import type { Notice, State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import { moved, onPage, placed } from '../move.ts';
import type { Context, Step } from '../step.ts';

type SearchPrompt = Extract<Prompt, { readonly type: 'search' }>;

/** `/` on a page: opens the search. Esc restores the earlier place and search. */
export function searchAsked(state: State): State {
  const page = state.pages.at(-1);
  return page ? { ...state, prompt: { type: 'search', input: EMPTY_INPUT, before: page } } : state;
}

/** While the text is typed, moves the cursor to the first match from its earlier place on. */
export function searchTyped(state: State, prompt: SearchPrompt, { view }: Context): State {
  const { text } = prompt.input;
  const searching = { ...state, prompt };
  const from = Math.min(prompt.before.cursor, view.page.length - 1);
  const found = nextOf(linesThatMatch(view.page, text), { from: from - 1, direction: 1 });
  const page: Page = { ...prompt.before, search: text };
  if (found === null) return withPage(searching, page);
  return onPage({ state: withPage(searching, page), page }, view, found.line);
}

/** Enter keeps the search; an empty text ends it. */
export function searchKept(state: State, { input: { text }, before }: SearchPrompt, { view }: Context): Step {
  if (text === '') return [withPage(state, unsearched(before)), []];
  return linesThatMatch(view.page, text).length === 0 ? noticed(state, noMatch(text)) : [state, []];
}

/** `n` and `N`: to the next line that holds the text, or to the one before, around the ends. On Stream to records. */
export function searchMoved(state: State, direction: 1 | -1, context: Context): Step {
  const page = state.pages.at(-1);
  if (!page) return recordSearched(state, direction, context);
  const { view } = context;
  const text = page.search ?? '';
  if (text === '') return [searchAsked(state), []];
  const found = nextOf(linesThatMatch(view.page, text), { from: view.pageCursor, direction });
  if (found === null) return noticed(state, noMatch(text));
  const moved = onPage({ state, page }, view, found.line);
  if (!found.isAround) return [moved, []];
  return [{ ...moved, notice: wentAround(direction) }, []];
}

const wentAround = (direction: 1 | -1): Notice => ({
  text: `the search went on at the ${direction === 1 ? 'top' : 'end'}`,
  tone: 'plain',
});

/** `n` and `N` on Stream: to the next record that the filter of before lets through; the others stay. Under a filter each record is a match. */
function recordSearched(state: State, direction: 1 | -1, { view, traffic }: Context): Step {
  const { screen, filter, cleared } = state;
  if (screen !== 'stream') return noticed(state, 'there are matches to go to on pages and on Stream');
  if (filter.text !== '') return [moved(state, { by: 'line', direction }, view), []];
  if (cleared.terms.length === 0)
    return noticed(
      state,
      `nothing to look for: ${keyFor(state, 'filter')} filters, ${keyFor(state, 'back')} shows all records again`,
    );
  const isMatch = streamTest({ ...state, filter: cleared }, traffic, traffic);
  const { order } = view;
  const from = cursorIndex(state, order);
  for (let step = 1; step <= order.length; step += 1) {
    const place = from + step * direction;
    const index = (place + order.length) % order.length;
    const event = eventOfKey(order.at(index) ?? null, traffic, view.retries);
    if (!event || !isMatch(event)) continue;
    const found = placed(state, view, index);
    return [index === place ? found : { ...found, notice: wentAround(direction) }, []];
  }
  return noticed(state, `no record on Stream matches /${cleared.text}`);
}

const withPage = (state: State, page: Page): State => ({
  ...state,
  pages: [...state.pages.slice(0, -1), page],
});

const noMatch = (text: string): string =>
  `nothing on this page matches ${text}; folded parts are not searched`;

/** The next or previous match, wrapping around; null without a match. */
function nextOf(
  lines: readonly number[],
  { from, direction }: { readonly from: number; readonly direction: 1 | -1 },
): { readonly line: number; readonly isAround: boolean } | null {
  const ordered = direction === 1 ? lines : lines.toReversed();
  const next = ordered.find(line => (direction === 1 ? line > from : line < from));
  const line = next ?? ordered[0];
  return line === undefined ? null : { line, isAround: next === undefined };
}
