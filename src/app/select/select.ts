import type { ShownTable } from '../../core/export/shown-table.ts';
import { FrameMemory } from './frame-memory.ts';
import { fitLine, lineWidth } from './text/fit.ts';
import type { Order } from '../lists/ranked-order.ts';
import { listBody } from './body.ts';
import { askLines } from './ask-lines.ts';
import { orientationLines } from './orientation.ts';
import { draftLines } from './draft-lines.ts';
import { footerLines } from './footer.ts';
import { HEADER_LINES, headerLines } from './header.ts';
import { withMarks } from './pages/search-marks.ts';
import { keyFor } from '../keys/key-bindings.ts';
import { isHeld, type PageLine } from './pages/page.ts';
import { pageLines } from './pages/page-lines.ts';
import { panelLines } from './panel.ts';
import { paneSizes, withPanes } from './panes.ts';
import { scrollTo } from './columns/table.ts';
import { BLANK, line, span, type Line } from './text/span.ts';
import { chartHeight, keptChart } from './time-chart.ts';
import type { Retries } from '../lists/retries.ts';
import { isTooSmall, LEAST, type State } from '../state/state.ts';
import type { Page } from '../state/page.ts';
import type { ShownSuggestions } from '../lists/suggesting.ts';
import type { ViewInput } from '../lists/derived.ts';

/** A frame, and the rows that keys and clicks refer to. */
export interface View {
  /** Exactly as many lines as the terminal has rows, none wider than the terminal. */
  readonly frame: readonly Line[];
  /** The open dialog in the frame: its first screen row, from 0, and its number of rows. */
  readonly dialog: { readonly row: number; readonly height: number };
  /** The keys of the list's rows in the order of the screen. */
  readonly order: Order;
  /** The Stream's rows that represent several records. */
  readonly retries: ReadonlyMap<string, Retries>;
  /** The suggestions of the Suggest screen. */
  readonly suggested: ShownSuggestions;
  /** The first visible row of the list, and its screen row, from 0. */
  readonly listTop: number;
  readonly listRow: number;
  /** The columns of the list or page without the side pane. */
  readonly listColumns: number;
  /** The names of all columns that the list can show; empty on a page. */
  readonly columns: readonly string[];
  /** Makes the table of all rows for an export; empty on a page. */
  readonly table: () => ShownTable;
  /** The lines of the topmost page; empty on a list. */
  readonly page: readonly PageLine[];
  /** The line of the page with the cursor. */
  readonly pageCursor: number;
  /** The number of visible lines of the list or page. */
  readonly height: number;
  /** The number of lines of the open dialog, and how many of them are visible. */
  readonly panelLines: number;
  readonly panelHeight: number;
}

/** Makes the frame from state and traffic. Pure: the same input gives the same lines, whatever `memory` holds. */
export function select(input: ViewInput, memory: FrameMemory = new FrameMemory()): View {
  const { state } = input;
  if (isTooSmall(state)) return tooSmall(input);
  const told = [...orientationLines(state), ...draftLines(state, input.shift), ...askLines(state)];
  const panel = panelLines(state, input.traffic);
  const footer = footerLines(state, input.traffic);
  const room = state.rows - HEADER_LINES - told.length - footer.length;
  const chart = keptChart(state, input.whole, {
    height: chartHeight(state, room - (panel?.length ?? 0)),
    kept: memory.chart,
  });
  const header = [...headerLines(input, chart.length > 0), ...chart, ...told];
  const space = state.rows - header.length - footer.length;
  const panelHeight = panel ? Math.min(panel.length + 1, space - 5) : 0;
  const height = space - panelHeight;
  const body = bodyOf(input, height, memory);
  const lines = [...header, ...body.lines, ...(panel ? boxed(panel, panelHeight, state) : []), ...footer];
  return {
    frame: lines.map(shown => fitLine(shown, state.columns)),
    dialog: panel ? { row: header.length + body.lines.length, height: panelHeight } : NO_DIALOG,
    order: input.order,
    retries: input.retries,
    suggested: input.suggested,
    listTop: body.listTop,
    listRow: header.length + body.headLines,
    page: body.page,
    pageCursor: body.pageCursor,
    listColumns: body.listColumns,
    columns: body.columns,
    table: body.table,
    height: Math.max(1, body.listHeight - body.headLines),
    panelLines: panel?.length ?? 0,
    panelHeight: Math.max(0, panelHeight - 1),
  };
}

const NO_DIALOG = { row: 0, height: 0 };

interface Body {
  readonly lines: readonly Line[];
  readonly page: readonly PageLine[];
  readonly pageCursor: number;
  readonly listTop: number;
  readonly headLines: number;
  /** The lines and columns of the list or page without the panes. */
  readonly listHeight: number;
  readonly listColumns: number;
  readonly columns: readonly string[];
  readonly table: () => ShownTable;
}

/** A page has no table to export. */
const noTable = (): ShownTable => ({ title: '', facts: [], columns: [], rows: [] });

function bodyOf(input: ViewInput, height: number, memory: FrameMemory): Body {
  const { state } = input;
  const page = state.pages.at(-1);
  if (!page) {
    const sizes = paneSizes(state, height);
    const listColumns = state.columns - sizes.side;
    const list = listBody(
      { ...input, state: { ...state, columns: listColumns } },
      height - sizes.below,
      memory,
    );
    return {
      lines: withPanes(list.lines, sizes, { input, memory }),
      page: [],
      pageCursor: 0,
      listTop: list.top,
      headLines: list.headLines,
      columns: list.columns,
      table: list.table,
      listHeight: height - sizes.below,
      listColumns,
    };
  }
  const lines = pageLines(page, input, memory);
  const cursor = cursorOn(page, lines);
  const top = scrollTo(page.top, cursor, { height, total: lines.length });
  const shown = lines
    .slice(top, top + height)
    .map((shown, index) => cursorLine(withMarks(shown.line, page.search ?? ''), top + index === cursor));
  return {
    lines: padded(shown, height),
    page: lines,
    pageCursor: cursor,
    listTop: top,
    headLines: 0,
    columns: [],
    table: noTable,
    listHeight: height,
    listColumns: state.columns,
  };
}

/** The line of the held event, else the line of the cursor, else the last line. */
function cursorOn({ cursor, held }: Page, lines: readonly PageLine[]): number {
  const found = held ? lines.findIndex(shown => isHeld(shown, held)) : -1;
  return found === -1 ? Math.max(0, Math.min(cursor, lines.length - 1)) : found;
}

const cursorLine = (shown: Line, isSelected: boolean): Line => [
  span(isSelected ? '▌ ' : '  ', isSelected ? 'accent' : 'plain'),
  ...shown,
];

/** The dialog below a rule, scrolled so that its first and last lines (title and keys) can be reached. */
function boxed(panel: readonly Line[], height: number, state: State): readonly Line[] {
  const space = height - 1;
  const rule = line('─'.repeat(state.columns), 'accent');
  if (panel.length <= space) return [rule, ...panel.map(indented)];
  const wanted = state.dialog.type === 'edit' ? state.dialog.top : chosenLine(panel) - (space - 2);
  const top = Math.max(0, Math.min(wanted, panel.length - space));
  const body = panel.slice(top, top + space - 1);
  const keys = panel.at(-1) ?? [];
  const more = moreOf(panel.length - top - body.length - 1, state, state.columns - 2 - lineWidth(keys));
  return [rule, ...body.map(indented), indented([...keys, span(more, 'dim')])];
}

/** How many lines are below, and the keys that lead there, as far as `room` cells hold it. Keys that scroll stand there as long as they fit. */
function moreOf(left: number, state: State, room: number): string {
  const [down, up] = [keyFor(state, 'preview-down'), keyFor(state, 'preview-up')];
  const told =
    left > 0
      ? [`(${down} ${up}: ${left} more lines)`, `(${down}: ${left} more)`, `(${left} more)`]
      : [`(${up}: back up)`];
  const fitting = told.find(words => lineWidth(line(words)) + 3 <= room);
  return fitting === undefined ? '' : `   ${fitting}`;
}

/** The index of the chosen line, which must stay visible; 0 if none is chosen. */
const chosenLine = (panel: readonly Line[]): number =>
  Math.max(
    0,
    panel.findIndex(([first]) => first?.text.startsWith('▌')),
  );

const indented = (shown: Line): Line => [span('  '), ...shown];

const padded = (lines: readonly Line[], height: number): readonly Line[] => [
  ...lines,
  ...Array<Line>(Math.max(0, height - lines.length)).fill(BLANK),
];

/** The frame of a terminal that is too small. The program keeps running. */
function tooSmall({ state, order, retries, suggested }: ViewInput): View {
  const text = [
    `egresstop needs ${LEAST.columns}×${LEAST.rows}`,
    `this is ${state.columns}×${state.rows}`,
    `counting goes on · ${keyFor(state, 'leave')} quits`,
  ];
  const frame = padded(
    text.map(words => fitLine(line(words, 'warn'), state.columns)),
    state.rows,
  ).slice(0, state.rows);
  return {
    frame,
    dialog: { row: 0, height: frame.length },
    order,
    retries,
    suggested,
    listTop: 0,
    listRow: 0,
    listColumns: state.columns,
    columns: [],
    table: noTable,
    page: [],
    pageCursor: 0,
    height: 1,
    panelLines: 0,
    panelHeight: 0,
  };
}
