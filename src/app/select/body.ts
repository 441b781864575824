import type { TrafficRow } from '../../core/traffic-row.ts';
import { shownEntries, type ShownEntry } from '../drafted-policy.ts';
import { fitLine } from '../fit.ts';
import { entryKey, type Order } from '../order.ts';
import { eventOfKey } from '../stream-order.ts';
import { BLANK, line, type Line } from '../span.ts';
import type { State } from '../state.ts';
import type { ScreenName } from '../state/screen.ts';
import type { Seen } from '../select.ts';
import type { UsageByEntry } from '../usage.ts';
import { deniedColumns, hostColumns, nameColumns } from './host-columns.ts';
import { policyColumns } from './policy-columns.ts';
import { policyNotes } from './policy-notes.ts';
import { streamRowColumns, type StreamRow } from './stream-columns.ts';
import { suggestColumns, suggestNotes } from './suggest-columns.ts';
import { headerLine, layOut, rowLine, scrollTo, type Column } from './table.ts';

/** A list as it is shown: its lines, and the row at its top. */
export interface ShownList {
  readonly lines: readonly Line[];
  readonly top: number;
  /** Lines above the first row. */
  readonly headLines: number;
}

/** The rows around the cursor, under their header; exactly `height` lines. */
export function listBody(
  { state, traffic, order, retries, usage, shift, suggested }: Seen,
  height: number,
): ShownList {
  switch (state.screen) {
    case 'hosts':
      return table(state, order, height, hostColumns(state), key => traffic.hosts.get(key), []);
    case 'denied':
      return table(state, order, height, deniedColumns(state), key => traffic.hosts.get(key), []);
    case 'tools':
      return table<TrafficRow>(
        state,
        order,
        height,
        nameColumns('TOOL', state, shift?.tools),
        key => traffic.tools.get(key),
        [],
      );
    case 'agents':
      return table<TrafficRow>(
        state,
        order,
        height,
        nameColumns('AGENT', state, shift?.agents),
        key => traffic.agents.get(key),
        [],
      );
    case 'stream':
      return table<StreamRow>(
        state,
        order,
        height,
        streamRowColumns(state, retries.size > 0),
        key => {
          const event = eventOfKey(key, traffic, retries);
          return event ? { event, retries: retries.get(key) ?? null } : undefined;
        },
        [],
      );
    case 'policy':
      return policyBody(state, order, usage, height);
    case 'suggest':
      return table(
        state,
        order,
        height,
        suggestColumns(state),
        suggested.find,
        suggestNotes(state, suggested),
      );
  }
}

function policyBody(state: State, order: Order, usage: UsageByEntry, height: number): ShownList {
  const entries = new Map(shownEntries(state).map(shown => [entryKey(shown.entry), shown]));
  const notes = policyNotes(state).slice(0, Math.max(1, height - 6));
  return table<ShownEntry>(state, order, height, policyColumns(state, usage), key => entries.get(key), notes);
}

function table<Row>(
  state: State,
  order: Order,
  height: number,
  all: readonly Column<Row>[],
  rowOf: (key: string) => Row | undefined,
  above: readonly Line[],
): ShownList {
  const list = state.lists[state.screen];
  const columns = layOut(all, state.columns);
  const head = [
    ...above.map(shown => fitLine(shown, state.columns)),
    headerLine(columns, list.sort, list.isReversed),
  ];
  const space = Math.max(0, height - head.length);
  const cursor = cursorIndex(state, order);
  const top = scrollTo(list.top, cursor, space, order.length);
  const keys = order.slice(top, top + space);
  const rows = keys.map((key, index) => {
    const row = rowOf(key);
    return row === undefined
      ? BLANK
      : rowLine(columns, row, top + index === cursor, state.marked.has(markKey(state.screen, key)));
  });
  const lines = [...head, ...rows, ...(order.length === 0 ? emptyLines(state) : [])].slice(0, height);
  return {
    lines: [...lines, ...Array<Line>(Math.max(0, height - lines.length)).fill(BLANK)],
    top,
    headLines: head.length,
  };
}

/** Where the cursor stands in an order: on its row, else where that row was. */
export function cursorIndex(state: State, order: Order): number {
  const { key, index } = state.lists[state.screen];
  const found = key === null ? -1 : order.indexOf(key);
  return found === -1 ? Math.max(0, Math.min(index, order.length - 1)) : found;
}

/** Only hosts can be marked: an edit serves them, on whatever screen they were marked. */
const markKey = (screen: ScreenName, key: string): string =>
  screen === 'hosts' || screen === 'denied' ? key : '';

const isReading = ({ screen, sources }: State): boolean =>
  screen !== 'policy' && sources.some(({ state }) => state === 'reading');

function emptyLines(state: State): readonly Line[] {
  if (state.filter.text !== '')
    return [BLANK, line(`  nothing matches /${state.filter.text}   (Esc clears the filter)`, 'dim')];
  return [
    BLANK,
    ...(isReading(state) ? ['Reading …', ''] : EMPTY[state.screen]).map(text => line(`  ${text}`, 'dim')),
    ...(state.screen === 'policy' || state.screen === 'suggest'
      ? []
      : state.options.emptyHelp.map(text => line(`  ${text}`, 'dim'))),
  ];
}

const EMPTY: Readonly<Record<ScreenName, readonly string[]>> = {
  hosts: ['No decision has been read yet.', ''],
  denied: ['Nothing was denied.', ''],
  tools: ['No decision has been read yet.', ''],
  agents: ['No decision has been read yet.', ''],
  stream: ['No record has been read yet.', ''],
  policy: ['No entries: a adds one, in the file that --policy names.'],
  suggest: ['Nothing to suggest: what was let through so far is listed.', ''],
};
