import { machineOf, type EgressEvent } from '../../../core/event.ts';
import { redactUrl } from '../../../core/url.ts';
import { grouped } from '../../../core/grouped.ts';
import { clockCells, clockIn, milliseconds, short } from '../text/format.ts';
import type { Retries } from '../../lists/retries.ts';
import type { State } from '../../state/state.ts';
import { fuzzyWords } from '../../lists/name-match.ts';
import { highlighting, literalUnits } from './highlight.ts';
import { isoOf, statusCell } from './cells.ts';
import { draftColumn } from './draft-cell.ts';
import { layOut, left, right, type Cell, type Column } from './table.ts';
import { VERDICT_TONE } from './verdict.ts';

/** The URL on screens. Its query is redacted unless the operator asked for it. */
export const shownUrl = (url: string, state: State): string =>
  state.options.showQueries ? url : redactUrl(url);

/** The most informative detail of an event, for one cell. */
export function detailOf(event: EgressEvent, state: State): string {
  const badges = [
    event.rule === 'unlisted' ? 'unlisted' : null,
    typeof event.raw['signal'] === 'string' && event.verdict === 'allow' ? event.raw['signal'] : null,
  ];
  const target = event.url === null ? addressOf(event) : shownUrl(event.url, state);
  return [event.reason, ...badges, target]
    .filter(part => part !== null && part !== undefined && part !== '')
    .join('  ');
}

/** The detail beside the host: for a URL the part behind the host. */
function detailInRow(event: EgressEvent, state: State): string {
  if (event.url === null) return detailOf(event, state);
  const path = withoutOrigin(shownUrl(event.url, state), event.host);
  return [path, detailOf({ ...event, url: null, address: null }, state)]
    .filter(part => part !== '')
    .join('  ');
}

/** A URL without its scheme, and without its authority if that equals the host: `/simple/flask/`, `:8443/v1`. */
function withoutOrigin(url: string, host: string | null): string {
  const [, authority, rest] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (authority === undefined || rest === undefined) return url;
  const isHost = host !== null && authority.toLowerCase().replace(/:\d+$/, '') === host.toLowerCase();
  return isHost ? `${authority.slice(host.length)}${rest === '' ? '/' : rest}` : `${authority}${rest}`;
}

/** The address with its port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function addressOf({ address, port }: EgressEvent): string | null {
  if (address === null || port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The columns of the Stream screen. */
export function streamColumns(
  state: State,
  width: number = state.columns,
  without?: string,
): readonly Column<EgressEvent>[] {
  const all = everyColumn(state).filter(({ title }) => title !== without);
  const hasKind = layOut(all, width).some(({ title }) => title === KIND);
  return hasKind
    ? all
    : all.map(column =>
        column.title === DETAIL
          ? { ...column, cell: event => kindBeside(column.cell(event), event) }
          : column,
      );
}

const [KIND, DETAIL] = ['KIND', 'DETAIL'] as const;

/**
 * The detail with the record's kind, for lists without a column of kinds. A decision's kind comes last, because its verdict says more; any
 * other record's kind comes first.
 */
const kindBeside = ({ text, value = text }: Cell, { kind, verdict }: EgressEvent): Cell => {
  const word = kind.replace(/^egress_/, '');
  const parts =
    verdict === null ? [word, text] : [text, ...(word === 'egress' || word === verdict ? [] : [word])];
  return { text: parts.filter(part => part !== '').join('  '), value, tone: 'dim' };
};

function everyColumn(state: State): readonly Column<EgressEvent>[] {
  const words = highlighting(fuzzyWords(state.filter.terms), literalUnits);
  return [
    left({ title: 'UTC', width: clockCells(state.columns), priority: 0, sort: 'last' }, event => ({
      text: clockIn(clockCells(state.columns), event.at, state.now),
      get value() {
        return isoOf(event.at); // only exports read it
      },
      tone: 'dim',
    })),
    left({ title: 'VERDICT', width: 10, priority: 0 }, event =>
      event.verdict === null
        ? { text: 'info', tone: 'dim' }
        : { text: event.verdict, tone: VERDICT_TONE[event.verdict] },
    ),
    ...draftColumn<EgressEvent>(state, event => (event.verdict === null ? null : event)),
    left({ title: 'HOST', isName: true, width: { least: 24 }, priority: 0, ...words }, event => ({
      text: event.host ?? '-',
    })),
    ...(state.fleet
      ? [
          left<EgressEvent>({ title: 'MACHINE', width: 12, priority: 1, ...words }, event => ({
            text: machineOf(event.source) ?? '-',
          })),
        ]
      : []),
    left({ title: 'AGENT', width: 12, priority: 3, ...words }, event => ({ text: event.agent ?? '-' })),
    left({ title: 'TOOL', width: 10, priority: 4, ...words }, event => ({ text: event.tool ?? '-' })),
    left({ title: 'METHOD', width: 7, priority: 8 }, event => ({ text: event.method ?? '-', tone: 'dim' })),
    right({ title: 'STATUS', width: 6, priority: 6 }, event => statusCell(event.status)),
    right({ title: 'TIME', width: 7, priority: 7 }, event => ({
      text: milliseconds(event.durationMs),
      value: event.durationMs,
      tone: 'dim',
    })),
    left({ title: KIND, width: 20, priority: 5, ...words }, event => ({ text: event.kind, tone: 'dim' })),
    left({ title: DETAIL, width: { least: 20 }, priority: 2, ...words }, event => ({
      text: detailInRow(event, state),
      value: detailOf(event, state) || null,
      tone: 'dim',
    })),
  ];
}

/** A row of the Stream: a record, or the newest of several equal ones. */
export interface StreamRow {
  readonly event: EgressEvent;
  readonly retries: Retries | null;
}

/** The columns of the Stream screen. `TIMES` appears if a visible row has retries; a wide terminal also shows over which time. */
export function streamRowColumns(state: State, isRetried: boolean): readonly Column<StreamRow>[] {
  const times = timesColumn(state.columns >= SPAN_FROM);
  const room = isRetried ? state.columns - times.width - 2 : state.columns;
  const columns = streamColumns(state, room).map(column => ({
    ...column,
    cell: ({ event }: StreamRow) => column.cell(event),
  }));
  return isRetried ? columns.toSpliced(2, 0, times) : columns;
}

/** The least width of a terminal for the time span of retries. */
const SPAN_FROM = 140;

const timesColumn = (hasSpan: boolean): Column<StreamRow> & { readonly width: number } => {
  const width = hasSpan ? 15 : 7;
  const column = left<StreamRow>({ title: 'TIMES', width, priority: 1 }, ({ retries }) => ({
    text: retries === null ? '' : hasSpan ? spelledOut(retries) : `×${short(retries.count)}`,
    tone: 'strong',
  }));
  return { ...column, width };
};

/** Retries in words: `×1,800 in 3m0s`. */
const spelledOut = ({ count, spanMs }: Retries): string => `×${grouped(count)} in ${milliseconds(spanMs)}`;
