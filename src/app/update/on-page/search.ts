import { EMPTY_INPUT } from '../../keys/text-input.ts';
import { linesThatMatch } from '../../select/pages/search-marks.ts';
import { unsearched, type Page } from '../../state/page.ts';
import type { Prompt } from '../../state/prompt.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import { onPage } from '../move.ts';
import type { Context, Step } from '../step.ts';

type SearchPrompt = Extract<Prompt, { readonly type: 'search' }>;

/** `/` on a page: asks for a text to look for. Esc brings back the place and the text of before. */
export function searchAsked(state: State): State {
  const page = state.pages.at(-1);
  return page ? { ...state, prompt: { type: 'search', input: EMPTY_INPUT, before: page } } : state;
}

/** The state while the text is typed: the cursor goes to the first line from where it was that holds it. */
export function searchTyped(state: State, prompt: SearchPrompt, { view }: Context): State {
  const { text } = prompt.input;
  const searching = { ...state, prompt };
  const from = Math.min(prompt.before.cursor, view.page.length - 1);
  const found = nextOf(linesThatMatch(view.page, text), { from: from - 1, direction: 1 });
  const page: Page = { ...prompt.before, search: text };
  if (found === null) return withPage(searching, page);
  return onPage({ state: withPage(searching, page), page }, view, found.line);
}

/** Enter keeps the search; without a text it ends. */
export function searchKept(state: State, { input: { text }, before }: SearchPrompt, { view }: Context): Step {
  if (text === '') return [withPage(state, unsearched(before)), []];
  return linesThatMatch(view.page, text).length === 0 ? noticed(state, noMatch(text)) : [state, []];
}

/** `n` and `N`: to the next line that holds the text, or to the one before, around the ends. */
export function searchMoved(state: State, direction: 1 | -1, { view }: Context): Step {
  const page = state.pages.at(-1);
  const text = page?.search ?? '';
  if (!page || text === '') return [searchAsked(state), []];
  const found = nextOf(linesThatMatch(view.page, text), { from: view.pageCursor, direction });
  if (found === null) return noticed(state, noMatch(text));
  const moved = onPage({ state, page }, view, found.line);
  if (!found.isAround) return [moved, []];
  const around = direction === 1 ? 'top' : 'end';
  return [{ ...moved, notice: { text: `the search went on at the ${around}`, tone: 'plain' } }, []];
}

const withPage = (state: State, page: Page): State => ({
  ...state,
  pages: [...state.pages.slice(0, -1), page],
});

const noMatch = (text: string): string =>
  `nothing on this page matches ${text}; folded parts are not searched`;

/** The line after or before a place, around the ends; null where no line matches. */
function nextOf(
  lines: readonly number[],
  { from, direction }: { readonly from: number; readonly direction: 1 | -1 },
): { readonly line: number; readonly isAround: boolean } | null {
  const ordered = direction === 1 ? lines : lines.toReversed();
  const next = ordered.find(line => (direction === 1 ? line > from : line < from));
  const line = next ?? ordered[0];
  return line === undefined ? null : { line, isAround: next === undefined };
}
