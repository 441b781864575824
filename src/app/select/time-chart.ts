import type { Charts, Columns } from '../../core/traffic/time/charts.ts';
import { Counts } from '../../core/traffic/counts.ts';
import { toIso } from '../../core/time.ts';
import { keyFor } from '../keys/key-bindings.ts';
import type { ActionName } from '../keys/key-table.ts';
import { shownColumns, shownTime } from '../lists/shown-time.ts';
import type { State } from '../state/state.ts';
import { ZOOMS } from '../state/time-span.ts';
import { dayOf, type Kept } from './frame-memory.ts';
import { fitLine, lineWidth, spread } from './text/fit.ts';
import { short } from './text/format.ts';
import { BLANK, line, span, type Line, type Span, type Tone } from './text/span.ts';

/** The chart appears from `rowsFrom` rows on. It takes a share of the rows with title and axis, within limits. */
const ROOM = { rowsFrom: 34, share: 0.16, least: 6, most: 11 } as const;
/** The lines that a list keeps below the chart. An open dialog takes lines from the chart first. */
const LEAST_LIST = 14;
/** The cells of the scale left of the columns. */
const SCALE = 6;

/** The stacked series from the axis up, each with its own tone and glyphs. */
const SERIES = [
  { name: 'deny', word: 'deny', full: '█' },
  { name: 'other', word: 'warn', full: '▒' },
  { name: 'allow', word: 'allow', full: '⣿' },
] as const;
type Name = (typeof SERIES)[number]['name'];

/** The glyphs for a cell filled from below, by eighths. */
const EIGHTHS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const DOTS = ['⣀', '⣀', '⣤', '⣤', '⣶', '⣶', '⣿', '⣿'] as const;

/** The lines of the chart, if list and chart together have `space` lines. 0 without room. */
export function chartHeight({ rows, pages }: Pick<State, 'rows' | 'pages'>, space: number): number {
  if (rows < ROOM.rowsFrom || pages.length > 0) return 0;
  const wanted = Math.min(ROOM.most, Math.max(ROOM.least, Math.floor(rows * ROOM.share)));
  return space - wanted >= LEAST_LIST ? wanted : 0;
}

const whyNoTimes = ({ fleet }: ChartState): string =>
  fleet && fleet.machines.length > 0
    ? 'machines ship sums, which have no times: Stream has those of the newest records'
    : 'no decision with a time yet';

const SIX_HOURS = 6 * 3_600_000;

/** The parts of a state that a chart is made from: no other part changes it. */
type ChartState = Pick<State, 'now' | 'columns' | 'timeSpan' | 'window' | 'keys' | 'fleet'>;

/** The chart, from a cache if nothing changed. `version` is that of the traffic. */
export function keptChart(
  state: ChartState,
  { charts, version }: { readonly charts: Charts; readonly version: number },
  { height, kept }: { readonly height: number; readonly kept: Kept<readonly Line[]> },
): readonly Line[] {
  const shown = shownTime(state, charts);
  const { until = null, spanMs = null, isWhole = false } = shown ?? {};
  const inputs = [
    height,
    charts,
    version,
    isWhole || until === null ? until : Math.floor(until / SECOND),
    spanMs,
    dayOf(state.now),
    Math.ceil(state.now / SIX_HOURS),
    state.columns,
    state.timeSpan,
    state.window,
    state.keys,
    state.fleet,
  ];
  return kept.of(inputs, () => timeChart(state, charts, height).map(shown => fitLine(shown, state.columns)));
}

/** The chart of decisions over time, stacked by verdict. The title is the legend, and the axis shows the times. Exactly `height` lines. */
function timeChart(state: ChartState, charts: Charts, height: number): readonly Line[] {
  if (height === 0) return [];
  const columns = shownColumns(state, charts);
  const shown = shownTime(state, charts);
  const blank = Array<Line>(height).fill(BLANK);
  if (!columns || !shown) return [line(`  ${whyNoTimes(state)}`, 'dim'), ...blank].slice(0, height);
  const bars = columns.counts.map(valuesOf);
  const highest = Math.max(1, ...bars.map(sumOf));
  const cells = Math.max(1, Math.floor((state.columns - SCALE - 2) / Math.max(1, bars.length)));
  const rows = height - 2;
  const stacks = bars.map(values => stackOf(values, highest, rows));
  return [
    title(state, columns, { zoom: shown.zoom, isMoved: state.timeSpan.until !== null }),
    ...Array.from({ length: rows }, (_, row) => [
      span(row === 0 ? `${short(highest).padStart(SCALE - 1)}┤` : ' '.repeat(SCALE), 'dim'),
      ...runs(
        stacks.map(stack => stack[rows - 1 - row] ?? NOTHING),
        cells,
      ),
    ]),
    axis(columns, { cells, state }),
  ];
}

type Values = readonly [deny: number, other: number, allow: number];

const valuesOf = (counts: Counts | null): Values =>
  counts ? [counts.deny, counts.total - counts.deny - counts.allow, counts.allow] : [0, 0, 0];

const sumOf = ([deny, other, allow]: Values): number => deny + other + allow;

interface Glyph {
  readonly text: string;
  readonly tone: Tone;
}

const NOTHING: Glyph = { text: ' ', tone: 'plain' };

/** The glyphs of a column from the axis up. Every decision is visible. If there is no room for all series, denials win. */
function stackOf(values: Values, highest: number, rows: number): readonly Glyph[] {
  const most = rows * EIGHTHS.length;
  const eighths = values.map(value => (value === 0 ? 0 : Math.max(1, Math.round((value / highest) * most))));
  const ends = eighths.map((_, index) =>
    Math.min(
      most,
      eighths.slice(0, index + 1).reduce((sum, each) => sum + each, 0),
    ),
  );
  const cells = Math.ceil((ends.at(-1) ?? 0) / EIGHTHS.length);
  return Array.from({ length: cells }, (_, cell) => glyphOf(ends, cell * EIGHTHS.length));
}

/**
 * The glyph of the cell that begins `floor` eighths above the axis. If two series meet in it, the lower one ends there. A full cell shows
 * the upper series if that has the larger part and the lower one is visible below.
 */
function glyphOf(ends: readonly number[], floor: number): Glyph {
  const inCell = ends.map(end => Math.max(0, Math.min(EIGHTHS.length, end - floor)));
  const parts = SERIES.flatMap(({ name, full }, index) => {
    const [below, reached] = [index === 0 ? 0 : (inCell[index - 1] ?? 0), inCell[index] ?? 0];
    return reached > below ? [{ name, full, below, reached, size: reached - below }] : [];
  });
  const [first, ...others] = parts;
  if (!first) return NOTHING;
  if (others.length === 0)
    return {
      text: first.size === EIGHTHS.length ? first.full : topOf(first.name, first.size),
      tone: `bar-${first.name}`,
    };
  const isFull = others.some(({ reached }) => reached === EIGHTHS.length);
  const upper = others.reduce((most, part) => (part.size > most.size ? part : most));
  const wasSeen = first.name === 'deny' && floor > 0;
  return isFull && wasSeen && upper.size > first.size
    ? { text: upper.full, tone: `bar-${upper.name}` }
    : { text: topOf('deny', first.size), tone: `bar-${first.name}` };
}

const topOf = (name: Name, size: number): string => (name === 'allow' ? DOTS : EIGHTHS)[size - 1] ?? ' ';

/** The glyphs of a row, each repeated to the width of a column. Neighbours of the same tone form one span. */
function runs(glyphs: readonly Glyph[], cells: number): Line {
  const spans: Span[] = [];
  for (const { text, tone } of glyphs) {
    const last = spans.at(-1);
    const wide = text.repeat(cells);
    if (last?.tone === tone) spans[spans.length - 1] = span(last.text + wide, tone);
    else spans.push(span(wide, tone));
  }
  return spans;
}

const hint = (keys: string, does: string): Line => [span(keys, 'strong'), span(` ${does}  `, 'dim')];

/** The title: ` decisions a minute · 1 h   █ 12 deny  ⣿ 340 allow`, with the keys at the right. */
function title(
  state: ChartState,
  { widthMs, from, until, counts }: Columns,
  { zoom, isMoved }: { readonly zoom: number; readonly isMoved: boolean },
): Line {
  const sums = new Counts();
  for (const column of counts) if (column) sums.merge(column);
  const values = valuesOf(sums);
  const legend = SERIES.flatMap(({ name, word, full }, index) =>
    name === 'other' && values[index] === 0
      ? []
      : [span(`  ${full}`, `bar-${name}`), span(` ${short(values[index] ?? 0)} ${name}`, word)],
  );
  const where = isMoved ? ` · ${stamp(from, state.now)} – ${stamp(until, state.now)}` : '';
  const left = [
    span(' decisions', 'strong'),
    span(` per ${widthName(widthMs)} · ${ZOOMS[zoom]?.name ?? ''}${where} `, 'dim'),
    ...legend,
  ];
  const key = (...actions: readonly ActionName[]): string =>
    actions.map(action => keyFor(state, action)).join(' ');
  const keys = [
    ...hint(key('shorter-time', 'longer-time'), 'zoom'),
    ...hint(key('earlier', 'later'), isMoved ? 'move, to the end to follow' : 'move'),
    ...(state.window
      ? hint(key('leave-window'), 'leave the window')
      : hint(key('window'), 'show this time alone')),
  ];
  return lineWidth(left) + lineWidth(keys) + 2 <= state.columns ? spread(left, keys, state.columns) : left;
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** A width in words: `10 s`, `1 min`, `3 h`, `7 days`. */
function widthName(widthMs: number): string {
  if (widthMs >= DAY) return widthMs === DAY ? 'day' : `${widthMs / DAY} days`;
  if (widthMs >= HOUR) return widthMs === HOUR ? 'hour' : `${widthMs / HOUR} h`;
  if (widthMs >= MINUTE) return widthMs === MINUTE ? 'minute' : `${widthMs / MINUTE} min`;
  return widthMs === SECOND ? 'second' : `${widthMs / SECOND} s`;
}

/** A clock time `13:04`, with the date unless it is today. */
function stamp(at: number, now: number): string {
  const iso = toIso(at);
  return iso.slice(0, 10) === toIso(now).slice(0, 10)
    ? iso.slice(11, 16)
    : iso.slice(5, 16).replace('T', ' ');
}

/** The possible distances between two labels of the axis. */
const STEPS: readonly number[] = [
  ...[5, 10, 15, 30].map(count => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182].map(count => count * DAY),
];
/** The least cells for a label of the axis, with blanks. */
const LABEL = 11;

/** The axis with times (UTC): `└─────┴13:10────┴13:20`. The part in the window has heavy lines: `━━┻13:10━━`. */
function axis(
  { widthMs, from, counts }: Columns,
  { cells, state }: { readonly cells: number; readonly state: ChartState },
): Line {
  const step = STEPS.find(each => each % widthMs === 0 && (each / widthMs) * cells >= LABEL) ?? 364 * DAY;
  const length = counts.length * cells;
  let text = '';
  for (let column = 0; column < counts.length; column += 1) {
    const at = from + column * widthMs;
    if (text.length > column * cells || at % step !== 0) continue;
    const label = `┴${labelOf(at, step, state.now)}`;
    if (column * cells + label.length <= length) text = text.padEnd(column * cells, '─') + label;
  }
  const whole = text.padEnd(length, '─');
  const cellOf = (at: number): number =>
    Math.max(0, Math.min(length, Math.round(((at - from) / widthMs) * cells)));
  const { window } = state;
  const first = window ? cellOf(window.from) : length;
  const last = window ? cellOf(window.until ?? Number.POSITIVE_INFINITY) : length;
  return [
    span(`${' '.repeat(SCALE - 1)}└${whole.slice(0, first)}`, 'dim'),
    span(whole.slice(first, last).replaceAll('─', '━').replaceAll('┴', '┻'), 'accent'),
    span(whole.slice(last), 'dim'),
  ].filter(({ text: part }) => part !== '');
}

function labelOf(at: number, step: number, now: number): string {
  const iso = toIso(at);
  if (step >= 91 * DAY) return iso.slice(0, 10);
  if (step >= DAY || at % DAY === 0) return iso.slice(5, 10);
  if (step < MINUTE) return iso.slice(11, 19);
  return now - at > DAY * 2 && step >= 6 * HOUR ? iso.slice(5, 16).replace('T', ' ') : iso.slice(11, 16);
}
