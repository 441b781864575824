import { keyFor } from '../keys/key-bindings.ts';
import { spellHostPort, waitText, whoAsks } from '../../core/ask/question-text.ts';
import { redactUrl } from '../../core/url.ts';
import { askRows, chosenRow, type AskRow, type ShownQuestion } from '../state/asks.ts';
import type { State } from '../state/state.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { fitLine, fitName, lineWidth, spread } from './text/fit.ts';
import { short } from './text/format.ts';
import { line, span, type Line } from './text/span.ts';

/** Questions may take a third of the rows; the list keeps the rest. */
const SHARE = 3;
/** The most cells of a destination. A longer one is cut in the middle. */
const LONGEST_NAME = 44;
const KEYS = [
  ['answer-always', 'always'],
  ['answer-once', 'once'],
  ['answer-10m', '10 min'],
  ['answer-run', 'run'],
  ['answer-pass', 'pass'],
  ['answer-deny', 'deny'],
  ['answer-deny-run', 'deny run'],
  ['answer-later', 'later'],
] as const;

const keysText = (state: State): string =>
  KEYS.map(([action, does]) => `${keyFor(state, action)} ${does}`).join('  ');

/** The questions to the operator, oldest first, shown above every list. Empty without questions. */
export function askLines(state: State): readonly Line[] {
  const rows = askRows(state.asks);
  if (rows.length === 0) return [];
  const { asks, columns } = state;
  const chosen = asks.isAside ? null : chosenRow(asks);
  const most = Math.max(1, Math.floor(state.rows / SHARE) - 3);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === chosen?.key),
  );
  const first = Math.max(0, Math.min(at - most + 1, rows.length - most));
  const shown = rows.slice(first, first + most);
  const hidden = rows.length - shown.length;
  const count = [span(' ASK ', 'badge'), span(` ${plural(rows.length, 'question')}`, 'pending')];
  const keys = span(asks.isAside ? `${keyFor(state, 'answer-now')} answers them` : keysText(state), 'dim');
  return [
    spread(count, [keys], columns),
    ...shown.flatMap((row, index) => rowLines(row, state, { number: first + index + 1, chosen })),
    ...(hidden > 0 ? [line(`    ${plural(hidden, 'more question')}`, 'dim')] : []),
  ];
}

interface Place {
  readonly number: number;
  readonly chosen: AskRow | null;
}

function rowLines(row: AskRow, state: State, { number, chosen }: Place): readonly Line[] {
  const isChosen = row.key === chosen?.key;
  const mark = span(`${isChosen ? '▌' : ' '}${number > 9 ? ' ' : number} `, isChosen ? 'accent' : 'dim');
  if (row.type === 'flood') return [fitLine([mark, ...floodSpans(row, state)], state.columns)];
  const asked = [mark, ...questionSpans(row.shown, state, isChosen)];
  const seen = [span(`  ${seenText(row.shown.seen)}`, 'dim')];
  const hasRoom = lineWidth(asked) + lineWidth(seen) <= state.columns;
  const lines = [
    hasRoom ? [...asked, ...seen] : asked,
    ...(isChosen ? [detail(row.shown, state, hasRoom ? [] : seen)] : []),
  ];
  return lines.map(each => fitLine(each, state.columns));
}

const floodSpans = (
  { agent, questions, unasked }: Extract<AskRow, { type: 'flood' }>,
  state: State,
): Line => [
  span(`${agent ?? 'somebody'} floods`, 'deny'),
  span(
    `: ${plural(questions.length, 'question')}, and ${grouped(unasked)} more attempts were denied unasked`,
  ),
  span(
    `   ${keyFor(state, 'answer-deny')} denies all once, ${keyFor(state, 'answer-deny-run')} for this run`,
    'dim',
  ),
];

/** The text of a question. In the chosen row, each warning about the name has its own line. */
function questionSpans({ question, remarks, given }: ShownQuestion, { now }: State, isChosen: boolean): Line {
  const repeated = question.attempts > 1 ? ` ×${short(question.attempts)}` : '';
  return [
    span(`${whoAsks(question)} `, 'plain'),
    span(fitName(spellHostPort(question), LONGEST_NAME).trimEnd(), 'strong'),
    span(`${repeated}  `),
    given === null ? span(waitText(question, now), 'pending') : span(`${given} …`, 'dim'),
    ...(isChosen ? [] : remarks.map(remark => span(`  ${remark}`, 'warn'))),
  ];
}

const seenText = ({ decisions, agent }: ShownQuestion['seen']): string =>
  decisions === 0
    ? 'not seen before'
    : `seen ${short(decisions)} ${decisions === 1 ? 'time' : 'times'}${agent === null ? '' : ` by ${agent}`}`;

function detail({ question, remarks }: ShownQuestion, { options }: State, seen: Line): Line {
  const { url, method, nearest } = question;
  const shown = url === null ? 'a tunnel' : options.showQueries ? url : redactUrl(url);
  return [
    span('    '),
    ...remarks.map(remark => span(`${remark}  `, 'warn')),
    span([method, shown].filter(word => word !== null).join(' '), 'dim'),
    ...(nearest === null ? [] : [span(`  near: ${nearest}`, 'dim')]),
    ...seen,
  ];
}
