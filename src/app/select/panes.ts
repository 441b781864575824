import { keyFor } from '../keys/key-bindings.ts';
import type { EgressEvent } from '../../core/event.ts';
import { shownEntries } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import { PANES_FROM } from '../state/pane-room.ts';
import type { State } from '../state/state.ts';
import type { ViewInput } from '../lists/derived.ts';
import { cursorIndex } from '../lists/order.ts';
import { eventOfKey, streamTest } from '../lists/stream-order.ts';
import { streamColumns } from './columns/stream-columns.ts';
import { layOut, rowLine } from './columns/table.ts';
import { entryPage } from './pages/entry-page.ts';
import { eventPage } from './pages/event-page.ts';
import { hostPage } from './pages/host-page.ts';
import { namePage } from './pages/name-page.ts';
import type { PageLine } from './pages/page.ts';
import { besidesPlace, countedInputs, dayOf, proofMoment, type FrameMemory } from './frame-memory.ts';
import { abreast, fitLine } from './text/fit.ts';
import { BLANK, line, span, type Line } from './text/span.ts';

/** The least columns for the pane beside the list, and the least rows for the pane below it. */
const [SIDE_FROM, BELOW_FROM] = [PANES_FROM.columns, PANES_FROM.rows];
/** The width of the side pane with its rule: a share of the columns, within limits. */
const SIDE = { share: 0.42, least: 60, most: 110 } as const;
/** The height of the lower pane with its heading: a share of the lines, within limits. */
const BELOW = { share: 0.25, least: 6, most: 16 } as const;
/** The lines that the list keeps. An open dialog takes lines from the lower pane first. */
const LEAST_LIST = 14;
/** The most records, newest first, that are searched for matching ones in one frame. */
const MOST_SEARCHED = 5_000;

/** The cells and lines that the panes take from the list; 0 for a hidden pane. */
export interface PaneSizes {
  readonly side: number;
  readonly below: number;
}

/** The sizes of the panes around a list of `height` lines. */
export function paneSizes(state: State, height: number): PaneSizes {
  const { columns, rows, screen, panes } = state;
  const side =
    panes.side && columns >= SIDE_FROM && screen !== 'suggest' && screen !== 'machines'
      ? Math.min(SIDE.most, Math.max(SIDE.least, Math.floor(columns * SIDE.share)))
      : 0;
  const wanted = Math.min(BELOW.most, Math.max(BELOW.least, Math.floor(height * BELOW.share)));
  const below =
    panes.below &&
    rows >= BELOW_FROM &&
    screen !== 'stream' &&
    screen !== 'machines' &&
    height - wanted >= LEAST_LIST
      ? wanted
      : 0;
  return { side, below };
}

/** Adds the panes to the lines of a list. Each line is at most as wide as the terminal. */
export function withPanes(
  list: readonly Line[],
  sizes: PaneSizes,
  { input, memory }: { readonly input: ViewInput; readonly memory: FrameMemory },
): readonly Line[] {
  const { state } = input;
  const listColumns = state.columns - sizes.side;
  const below = keptBelow({ ...input, state: { ...state, columns: listColumns } }, sizes.below, memory);
  const all = [...list, ...below];
  if (sizes.side === 0) return all;
  const side = keptSide(input, { columns: sizes.side - RULE, height: all.length }, memory);
  const place = { column: listColumns, between: span(' │ ', 'dim'), width: state.columns };
  return all.map((left, row) => joined(left, side[row] ?? BLANK, place));
}

/** The cells of the rule between list and pane, with blanks. */
const RULE = 3;

/** Cache of the joined row for each line of the list. */
const JOINED = new WeakMap<Line, { readonly right: Line; readonly width: number; readonly row: Line }>();

function joined(left: Line, right: Line, place: Parameters<typeof abreast>[1]): Line {
  const last = JOINED.get(left);
  if (last?.right === right && last.width === place.width) return last.row;
  const row = abreast([left, right], place);
  JOINED.set(left, { right, width: place.width, row });
  return row;
}

function keptBelow(input: ViewInput, height: number, memory: FrameMemory): readonly Line[] {
  if (height === 0) return [];
  const { state, traffic, whole } = input;
  const inputs = [
    height,
    ...countedInputs(state, traffic),
    whole,
    whole.version,
    state.filter.terms.length > 0 ? state.now : dayOf(state.now),
    ...besidesPlace(state),
  ];
  return memory.below.of(inputs, () => belowLines(input, height));
}

function keptSide(input: ViewInput, size: PaneSize, memory: FrameMemory): readonly Line[] {
  const { state, traffic, order, retries, usage } = input;
  const key = order.at(cursorIndex(state, order));
  const inputs = [
    key,
    ...countedInputs(state, traffic),
    size.columns,
    size.height,
    state.screen === 'policy' ? state.now : proofMoment(state),
    state.screen === 'policy' ? usage : null,
    state.screen === 'stream' ? retries : null,
    ...besidesPlace(state),
  ];
  return memory.side.of(inputs, () => sideLines(input, size));
}

/** The cells and lines of the side pane. */
interface PaneSize {
  readonly columns: number;
  readonly height: number;
}

/** The newest records that pass the filter, newest first. */
function belowLines(input: ViewInput, height: number): readonly Line[] {
  const { state } = input;
  const title = state.filter.terms.length === 0 ? ' newest records ' : ' newest records that match ';
  const columns = layOut(streamColumns(state), state.columns);
  const rows = newest(input, height - 1).map(event => rowLine(columns, event));
  const rule = '─'.repeat(Math.max(0, state.columns - title.length - 2));
  const heading = [span('──', 'dim'), span(title, 'accent'), span(rule, 'dim')];
  const none = rows.length === 0 ? [line('  none yet', 'dim')] : [];
  return [...[heading, ...rows, ...none].slice(0, height), ...Array<Line>(height).fill(BLANK)]
    .slice(0, height)
    .map(shown => fitLine(shown, state.columns));
}

/** The newest records by time, as on Stream, also across logs that were read one after the other. */
function newest({ state, traffic, whole }: ViewInput, most: number): readonly EgressEvent[] {
  const test = streamTest(state, traffic, whole);
  const { recent } = traffic;
  const found: { readonly at: number; readonly event: EgressEvent }[] = [];
  let at = Number.POSITIVE_INFINITY;
  for (let searched = 1; searched <= MOST_SEARCHED; searched += 1) {
    const event = recent.at(recent.length - searched);
    if (!event) break;
    at = event.at ?? at; // a record without a time gets its neighbour's
    if (found.length === most && at <= (found.at(-1)?.at ?? at)) continue;
    if (!test(event)) continue;
    let place = found.length;
    while (place > 0 && (found[place - 1]?.at ?? at) < at) place -= 1;
    found.splice(place, 0, { at, event });
    if (found.length > most) found.pop();
  }
  return found.map(({ event }) => event);
}

/** The page of the row at the cursor, cut to the pane's lines. */
function sideLines(input: ViewInput, { columns, height }: PaneSize): readonly Line[] {
  const shown = pageUnderCursor(input, { columns, height }).slice(0, height + 1);
  const lines = shown.map(({ line }) => fitLine(line, columns));
  if (lines.length <= height) return lines;
  return [
    ...lines.slice(0, height - 1),
    fitLine(line(`… ${keyFor(input.state, 'open')} opens all of it`, 'dim'), columns),
  ];
}

function pageUnderCursor(input: ViewInput, { columns, height }: PaneSize): readonly PageLine[] {
  const { traffic, order, retries, usage } = input;
  const { screen } = input.state;
  const key = order.at(cursorIndex(input.state, order));
  if (key === undefined) return [];
  const state = { ...input.state, columns };
  switch (screen) {
    case 'hosts':
    case 'denied':
      return hostPage({ host: key, events: height }, state, traffic);
    case 'tools':
    case 'agents': {
      const row = (screen === 'tools' ? traffic.tools : traffic.agents).get(key);
      return row
        ? namePage({ kind: screen === 'tools' ? 'tool' : 'agent', row, most: height }, state, traffic)
        : [];
    }
    case 'stream': {
      const event = eventOfKey(key, traffic, retries);
      return event ? eventPage({ event }, state, traffic) : [];
    }
    case 'policy': {
      const shown = shownEntries(state).find(({ entry }) => entryKey(entry) === key);
      return shown ? entryPage(shown, state, usage) : [];
    }
    case 'suggest':
    case 'machines':
      return [];
  }
}
