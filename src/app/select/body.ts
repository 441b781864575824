import type { ShownTable } from '../../core/export/shown-table.ts';
import type { HostRow } from '../../core/traffic/host-row.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { shownEntries, type ShownEntry } from '../state/drafted-policy.ts';
import { emptyLines } from './empty-lines.ts';
import { entryKey } from '../state/entry-key.ts';
import { countsOf, narrowingOf } from '../lists/narrowed-counts.ts';
import { isLively, rateMoment } from '../lists/rate-moment.ts';
import { cursorIndex } from '../lists/order.ts';
import { eventOfKey } from '../lists/stream-order.ts';
import { BLANK, type Line } from './text/span.ts';
import type { State } from '../state/state.ts';
import type { ScreenName } from '../state/screen.ts';
import type { ViewInput } from '../lists/derived.ts';
import { deniedColumns } from './columns/denied-columns.ts';
import { hostColumns } from './columns/host-columns.ts';
import { nameColumns, surfaceColumns } from './columns/name-columns.ts';
import { heatMap } from './columns/heat-map.ts';
import { addingUp } from './columns/other-verdicts.ts';
import { machineColumns, machineNotes } from './columns/machine-columns.ts';
import { policyColumns } from './columns/policy-columns.ts';
import { policyNotes } from './columns/policy-notes.ts';
import { streamNotes } from './columns/stream-notes.ts';
import { streamRowColumns, type StreamRow } from './columns/stream-columns.ts';
import { suggestColumns, suggestNotes } from './columns/suggest-columns.ts';
import { scrollTo, type Column } from './columns/table.ts';
import { tableLines, type Rows, type TableLines } from './columns/table-lines.ts';
import { besidesPlace, countedInputs, dayOf, proofMoment, type FrameMemory } from './frame-memory.ts';

/** A list as lines, and the row at its top. */
export interface ShownList {
  readonly lines: readonly Line[];
  readonly top: number;
  /** Lines above the first row. */
  readonly headLines: number;
  /** The names of all columns that this list can show. */
  readonly columns: readonly string[];
  /** Makes the table of all rows for an export. */
  readonly table: () => ShownTable;
}

/** The rows around the cursor below their header, in exactly `height` lines. */
export function listBody(input: ViewInput, height: number, memory: FrameMemory): ShownList {
  const isRetried = hasRetries(input, height);
  const lines = memory.lists.of([...listInputs(input), isRetried, height], () =>
    linesOf(input, height, isRetried),
  );
  return table(input, height, lines);
}

/** Everything that the lines of a list depend on, apart from the cursor and the marks. */
function listInputs({ state, traffic, retries, usage, shift, suggested }: ViewInput): readonly unknown[] {
  const { screen, lists } = state;
  const { sort, isReversed } = lists[screen];
  return [
    screen,
    ...countedInputs(state, traffic),
    ...besidesPlace(state),
    sort,
    isReversed,
    listMoment(state, traffic),
    screen === 'stream' ? retries : null,
    screen === 'policy' ? usage : null,
    screen === 'suggest' ? suggested : null,
    shift,
  ];
}

/** The part of the time that the lines of a list depend on. */
function listMoment(state: State, traffic: Traffic): number {
  switch (state.screen) {
    case 'hosts':
    case 'tools':
    case 'agents': {
      const moment = rateMoment(state, traffic);
      return isLively(traffic, moment) ? moment.at : proofMoment(state);
    }
    case 'denied':
      return proofMoment(state);
    case 'stream':
    case 'suggest':
      return dayOf(state.now);
    case 'policy':
    case 'machines':
      return state.now;
  }
}

function linesOf(input: ViewInput, height: number, isRetried: boolean): TableLines {
  const { state, traffic, usage, shift, suggested } = input;
  const show = <Row>(rows: Rows<Row>): TableLines => tableLines(rows, state);
  const whole = <Row extends TrafficRow>(columns: readonly Column<Row>[]): readonly Column<Row>[] =>
    addingUp(columns, { width: state.columns, totals: traffic.totals, of: countsOf(narrowingOf(state)) });
  const asked = rateMoment(state, traffic);
  const moment = isLively(traffic, asked) ? asked : null;
  const host = (key: string): HostRow | undefined => traffic.hosts.get(key);
  switch (state.screen) {
    case 'hosts':
      return show({ columns: whole(hostColumns(state, moment, traffic.machines)), find: host });
    case 'denied':
      return show({ columns: deniedColumns(state), find: host });
    case 'tools':
      return show({
        columns: whole([
          ...nameColumns('TOOL', state, { turned: shift?.tools, moment }),
          ...surfaceColumns(traffic.surfaces),
        ]),
        find: key => traffic.tools.get(key),
      });
    case 'agents':
      return show({
        columns: whole(nameColumns('AGENT', state, { turned: shift?.agents, moment })),
        find: key => traffic.agents.get(key),
      });
    case 'stream':
      return show({
        above: streamNotes(state, traffic),
        columns: streamRowColumns(state, isRetried),
        find: key => streamRow(key, input),
      });
    case 'policy':
      return show({
        columns: policyColumns(state, usage),
        find: entryFinder(state),
        above: policyNotes(state).slice(0, Math.max(1, height - 6)),
      });
    case 'machines':
      return show({
        columns: machineColumns(state),
        find: key => state.fleet?.machines.find(({ name }) => name === key),
        above: machineNotes(state),
      });
    case 'suggest':
      return show({
        columns: suggestColumns(state),
        find: suggested.find,
        above: suggestNotes(state, suggested),
      });
  }
}

/** Whether a visible row of the Stream represents several records. */
function hasRetries(input: ViewInput, height: number): boolean {
  const { state, traffic, retries } = input;
  if (state.screen !== 'stream' || retries.size === 0) return false;
  const space = height - HEAD_LINES - streamNotes(state, traffic).length;
  return inWindow(input, space).keys.some(key => retries.has(key));
}

function streamRow(key: string, { traffic, retries }: ViewInput): StreamRow | undefined {
  const event = eventOfKey(key, traffic, retries);
  return event ? { event, retries: retries.get(key) ?? null } : undefined;
}

function entryFinder(state: State): (key: string) => ShownEntry | undefined {
  const entries = new Map(shownEntries(state).map(shown => [entryKey(shown.entry), shown]));
  return key => entries.get(key);
}

/** Lines of a table's header. */
const HEAD_LINES = 1;

/** The rows that fit into `space` lines. */
function inWindow(
  { state, order }: ViewInput,
  space: number,
): { readonly top: number; readonly keys: readonly string[] } {
  const top = scrollTo(state.lists[state.screen].top, cursorIndex(state, order), {
    height: space,
    total: order.length,
  });
  return { top, keys: order.slice(top, top + space) };
}

function table(input: ViewInput, height: number, { head, lineOf, columns, exported }: TableLines): ShownList {
  const { state, order } = input;
  const space = Math.max(0, height - head.length);
  const cursor = cursorIndex(state, order);
  const { top, keys } = inWindow(input, space);
  const rows = keys.map((key, index) => {
    const isMarked = state.marked.has(markKey(state.screen, key));
    return lineOf(key, { isSelected: top + index === cursor, isMarked });
  });
  const shown = [...head, ...rows, ...(order.length === 0 ? emptyLines(input) : [])];
  const lines = [...shown, ...heatLines(input, height - shown.length)].slice(0, height);
  return {
    lines: [...lines, ...Array<Line>(Math.max(0, height - lines.length)).fill(BLANK)],
    top,
    headLines: head.length,
    columns,
    table: () => exported(input),
  };
}

/** The heat map below the tools, if there is room. */
const heatLines = ({ state, busiest, order }: ViewInput, height: number): readonly Line[] =>
  state.screen === 'tools' && busiest && height > 0
    ? heatMap({ hosts: busiest, tools: order.slice(0, MOST_TOOLS), width: state.columns, height })
    : [];

/** The most columns of the heat map. */
const MOST_TOOLS = 20;

/** The key under which a row is marked. Only hosts can be marked, because edits apply to hosts. Marks stay on all screens. */
const markKey = (screen: ScreenName, key: string): string =>
  screen === 'hosts' || screen === 'denied' ? key : '';
