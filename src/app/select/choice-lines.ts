import { keyFor } from '../keys/key-bindings.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { completions, wordAt } from '../keys/complete.ts';
import type { Dialog, MenuDialog } from '../state/dialog.ts';
import type { Prompt } from '../state/prompt.ts';
import type { State } from '../state/state.ts';
import { BLANK, line, span, type Line } from './text/span.ts';

/** One line for each label. The chosen one is highlighted. */
export const choices = (labels: readonly string[], chosen: number): Line[] =>
  labels.map((label, index) => (index === chosen ? line(`▌ ${label}`, 'selected') : line(`  ${label}`)));

/** The labels, each with the key that chooses it. Labels after the last digit have no key. */
export const numbered = (state: State, labels: readonly string[]): readonly string[] =>
  labels.map((label, index) => {
    const action = CHOOSES[index];
    return action === undefined ? `   ${label}` : `${keyFor(state, action)}) ${label}`;
  });

const CHOOSES = [
  'choose-1',
  'choose-2',
  'choose-3',
  'choose-4',
  'choose-5',
  'choose-6',
  'choose-7',
  'choose-8',
  'choose-9',
] as const;

/** The most choices that are visible at once. The others can be scrolled to. */
const MOST_CHOICES = 12;

/** The choices around the chosen one. */
function inSight(labels: readonly string[], chosen: number): Line[] {
  const first = Math.max(0, Math.min(chosen - Math.floor(MOST_CHOICES / 2), labels.length - MOST_CHOICES));
  return choices(labels.slice(first, first + MOST_CHOICES), chosen - first);
}

/** The columns of a list, with ticks on the shown ones. */
export const columnLines = (
  state: State,
  { names, shown, chosen }: Extract<Dialog, { readonly type: 'columns' }>,
): readonly Line[] => [
  line('Columns of this list', 'accent'),
  ...inSight(
    numbered(
      state,
      names.map(name => `[${shown.has(name) ? 'x' : ' '}] ${name}`),
    ),
    chosen,
  ),
  BLANK,
  line(
    [
      `${keyFor(state, 'toggle-choice')} ticks`,
      `${keyFor(state, 'choice-down')} ${keyFor(state, 'choice-up')} move`,
      `${keyFor(state, 'confirm')} keeps`,
      `${keyFor(state, 'keep')} saves`,
      `${keyFor(state, 'cancel')} takes it back`,
    ].join(', '),
    'dim',
  ),
];

/** The items of a menu. */
export const menuLines = (state: State, { title, items, chosen, saves }: MenuDialog): readonly Line[] => [
  line(title, 'accent'),
  ...inSight(
    numbered(
      state,
      items.map(({ label }) => label),
    ),
    chosen,
  ),
  BLANK,
  line(
    [
      ...(items.length === 0 ? [] : [`${keyFor(state, 'confirm')} chooses`]),
      ...(saves === 'view' ? [`${keyFor(state, 'keep')} saves the present screen, filter and sort`] : []),
      `${keyFor(state, 'cancel')} leaves`,
    ].join(', '),
    'dim',
  ),
];

/** The completions at the filter's cursor, best first, with the typed part highlighted. Null without any. */
export function candidateLines(
  { input, chosen }: Extract<Prompt, { readonly type: 'filter' }>,
  traffic: Traffic,
): readonly Line[] | null {
  const found = completions(input, traffic);
  if (found.length === 0) return null;
  const typed = wordAt(input)
    .replace(/^[!-]?(?:[a-z]+:)?"?/i, '')
    .toLowerCase();
  return found.map((text, index) => candidate(text, typed, index === chosen));
}

function candidate(text: string, typed: string, isChosen: boolean): Line {
  const from = text.indexOf(':') + 1;
  const at = typed === '' ? -1 : text.toLowerCase().indexOf(typed, from === text.length ? 0 : from);
  const [plain, match] = isChosen ? (['selected', 'selected-match'] as const) : (['plain', 'match'] as const);
  const mark = span(isChosen ? '▌ ' : '  ', plain);
  if (at === -1) return [mark, span(text, plain)];
  const end = at + typed.length;
  return [
    mark,
    span(text.slice(0, at), plain),
    span(text.slice(at, end), match),
    span(text.slice(end), plain),
  ];
}
