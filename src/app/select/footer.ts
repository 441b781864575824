import { completions } from '../keys/complete.ts';
import { fitLine, fitName, lineWidth, spread, tail, wrap } from './text/fit.ts';
import { keyFor } from '../keys/key-bindings.ts';
import { line, span, type Line, type Span } from './text/span.ts';
import type { Notice, State } from '../state/state.ts';
import { openDenials } from '../lists/open-denials.ts';
import { offeredKeys } from './offered-keys.ts';
import type { TextInput } from '../state/prompt.ts';
import { partsOf } from '../keys/text-input.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { spellKey } from '../keys/spell-key.ts';

/**
 * The last one or two lines: the text being typed, else the latest notice, else the keys that work here. Above it the outcome of a grant.
 */
export function footerLines(state: State, traffic: Traffic): readonly Line[] {
  const lines =
    state.prompt.type === 'none' && state.notice
      ? noticeLines(state, state.notice)
      : [footerLine(state, traffic)];
  return [
    ...(state.ended === null ? [] : [endedLine(state.ended, state.columns)]),
    ...freshLines(state),
    ...lines,
  ];
}

const FRESH_KEYS = [
  ['allow', 'allow'],
  ['grant', 'for a while'],
  ['mute', 'mute'],
] as const;

const freshKeys = (state: State): Line => [
  span(` ${keyFor(state, 'new-denial')}`, 'strong'),
  span(' opens it: ', 'dim'),
  ...FRESH_KEYS.flatMap(([action, text]) => [
    span(keyFor(state, action), 'strong'),
    span(` ${text}  `, 'dim'),
  ]),
];
/** The most cells of a host's name in a line with other text. */
const FRESH_NAME = 40;

/** The host that was denied last, with its caller and the keys. Empty on Denied, where it is the first row. */
function freshLines(state: State): readonly Line[] {
  const open = openDenials(state);
  const newest = open.at(-1);
  const isOnDenied = state.screen === 'denied' && state.pages.length === 0;
  if (!newest || isOnDenied) return [];
  const { host, agent, tool, reason } = newest;
  const who = [agent, tool, reason].filter(part => part !== null).join(' · ');
  const others = open.length > 1 ? ` +${open.length - 1}` : '';
  const keys = freshKeys(state);
  const name = fitName(
    host,
    Math.min(FRESH_NAME, lineWidth([span(host)]), state.columns - 12 - lineWidth(keys)),
  );
  const found = [
    span(' DENIED ', 'badge'),
    span(` ${name}`, 'deny'),
    span(others, 'warn'),
    span(`  ${who}`, 'dim'),
  ];
  return [spread(fitLine(found, state.columns - lineWidth(keys) - 1), keys, state.columns)];
}

/** The outcome of a grant, above the keys. A long path is cut in the middle, so that the file's name and the entry stay. */
const endedLine = (text: string, columns: number): Line =>
  line(` ${fitName(text, Math.min(columns - 2, lineWidth([span(text)])))}`, 'warn');

/** The most UTF-16 units of a notice that are read, for each column. More never fits on two lines, and names can have any length. */
const NOTICE_UNITS = 16;

/** A notice, on two lines if needed. */
function noticeLines(state: State, { text, tone }: Notice): readonly Line[] {
  const right = marks(state);
  const seen = text.slice(0, NOTICE_UNITS * state.columns);
  const [first = '', ...rest] = wrap(seen, state.columns - 2 - lineWidth(right));
  const lines = rest.length === 0 ? [first] : [first, rest.join(' ')];
  return lines.map((shown, index) =>
    spread([span(` ${shown}`, tone)], index === lines.length - 1 ? right : [], state.columns),
  );
}

function footerLine(state: State, traffic: Traffic): Line {
  const { prompt } = state;
  switch (prompt.type) {
    case 'filter':
      return spread(
        [span(' /', 'accent'), ...typed(prompt.input, Math.floor(state.columns / 2))],
        filterHint(state, prompt.input, traffic),
        state.columns,
      );
    case 'search':
      return spread(
        [span(' search: ', 'accent'), ...typed(prompt.input, Math.floor(state.columns / 2))],
        line(
          `Enter keeps it, then ${keyFor(state, 'next-match')} and ${keyFor(state, 'previous-match')}; Esc leaves`,
          'dim',
        ),
        state.columns,
      );
    case 'palette':
      return spread(
        [span(' :', 'accent'), ...typed(prompt.input, Math.floor(state.columns / 2))],
        line('Enter runs it, ↑↓ choose, Esc leaves', 'dim'),
        state.columns,
      );
    case 'entry':
      return spread(
        [span(' new entry: ', 'accent'), ...typed(prompt.input, Math.floor(state.columns / 2))],
        line('Enter shows the diff, Esc leaves', 'dim'),
        state.columns,
      );
    case 'file-name':
      return spread(
        [span(' write to: ', 'accent'), ...typed(prompt.input, Math.floor(state.columns * 0.6))],
        line('Enter writes a new file, Esc leaves', 'dim'),
        state.columns,
      );
    case 'view-name':
      return spread(
        [span(' name of this view: ', 'accent'), ...typed(prompt.input, Math.floor(state.columns / 2))],
        line('Enter saves it in the configuration, Esc leaves', 'dim'),
        state.columns,
      );
    case 'none':
      return spread(hints(state), marks(state), state.columns);
  }
}

/** The text with a block at the cursor. If it is wider than `width` cells, its beginning is cut. */
export function typed(input: TextInput, width: number): readonly Span[] {
  const [before, under, after] = partsOf(input);
  return [span(tail(before, width - 8)), span(under || ' ', 'selected'), span(after)];
}

function filterHint(state: State, input: TextInput, traffic: Traffic): Line {
  const half = Math.floor(state.columns / 2) - 4;
  if (state.filter.error !== null) return fitLine(line(state.filter.error, 'deny'), half);
  if (completions(input, traffic).length > 0) return line('Tab takes it, ↑↓ choose', 'dim');
  return line('rows that match; their counts stay whole', 'dim');
}

/** The keys that work here, as many as fit. Help and quit are always among them. */
function hints(state: State): Line {
  const shown = offeredKeys(state).map(({ key, word }): Line => [
    span(` ${spellKey(key)}`, 'strong'),
    span(` ${word} `, 'dim'),
  ]);
  const last = shown.slice(-2);
  let left = state.columns - lineWidth(last.flat()) - lineWidth(marks(state)) - 1;
  const fitting = shown.slice(0, -2).filter(hint => (left -= lineWidth(hint)) >= 0);
  return [...fitting, ...last].flat();
}

function marks({ marked, isMouseOn, dismissed }: State): Line {
  const putAside = [...dismissed.values()].filter(aside => aside !== 'muted').length;
  return [
    ...(marked.size > 0 ? [span(`${marked.size} marked `, 'accent')] : []),
    ...(putAside > 0 ? [span(`${putAside} dismissed `, 'dim')] : []),
    ...(isMouseOn ? [span('mouse ', 'dim')] : []),
  ];
}
