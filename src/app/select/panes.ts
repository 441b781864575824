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

/** From so many columns on, what is under the cursor stands beside the list; from so many rows on, the newest records below it. */
const [SIDE_FROM, BELOW_FROM] = [PANES_FROM.columns, PANES_FROM.rows];
/** The pane beside the list, its rule included: its share of the columns, and its limits in cells. */
const SIDE = { share: 0.42, least: 60, most: 110 } as const;
/** The pane below the list, its heading included: its share of the lines, and its limits. */
const BELOW = { share: 0.25, least: 6, most: 16 } as const;
/** Lines that the list keeps: an open dialog takes its lines from the pane below first. */
const LEAST_LIST = 14;
/** Records that are looked through for matching ones, from the newest on: a frame has no time for more. */
const MOST_SEARCHED = 5_000;

/** Cells and lines that the panes take from the list; 0 for a pane that is not shown. */
export interface PaneSizes {
  readonly side: number;
  readonly below: number;
}

/** Which panes there is room for beside and below a list of so many lines. */
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

/** The lines of a list with the pane beside it and the one below it. Each line is at most as wide as the terminal. */
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

/** Cells of the rule between list and pane, and of the blanks around it. */
const RULE = 3;

/** The row that a line was last joined into, and with what. */
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

/** Cells and lines of the pane beside the list. */
interface PaneSize {
  readonly columns: number;
  readonly height: number;
}

/** The newest records that the filter lets through, newest first. */
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

/** By time, as on Stream: logs that were read one after the other are not shown one after the other. */
function newest({ state, traffic, whole }: ViewInput, most: number): readonly EgressEvent[] {
  const test = streamTest(state, traffic, whole);
  const { recent } = traffic;
  const found: { readonly at: number; readonly event: EgressEvent }[] = [];
  let at = Number.POSITIVE_INFINITY;
  for (let searched = 1; searched <= MOST_SEARCHED; searched += 1) {
    const event = recent.at(recent.length - searched);
    if (!event) break;
    at = event.at ?? at; // one without a time stays beside its neighbour
    if (found.length === most && at <= (found.at(-1)?.at ?? at)) continue;
    if (!test(event)) continue;
    let place = found.length;
    while (place > 0 && (found[place - 1]?.at ?? at) < at) place -= 1;
    found.splice(place, 0, { at, event });
    if (found.length > most) found.pop();
  }
  return found.map(({ event }) => event);
}

/** The page of the row under the cursor, cut to the lines that there are. */
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
