import { keyFor } from '../../keys/key-bindings.ts';
import { VERDICTS, type EgressEvent } from '../../../core/event.ts';
import { Counts, type SummedCounts } from '../../../core/traffic/counts.ts';
import type { NameCounts } from '../../../core/traffic/tally.ts';
import type { NameVerdicts } from '../../../core/traffic/verdict-tallies.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import { MISSING } from '../../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../../core/traffic/traffic.ts';
import { fitName, lineWidth } from '../text/fit.ts';
import { grouped, plural } from '../../../core/grouped.ts';
import { clock, milliseconds, short, sparkline } from '../text/format.ts';
import { line, span, type Span } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { explanation, otherwiseBefore } from './explanation.ts';
import { blank, fact, heading, type PageLine } from './page.ts';
import { streamColumns, shownUrl } from '../columns/stream-columns.ts';
import { counted, nameCell, nameOnScreen } from '../columns/cells.ts';
import { headerLine, layOut, left, right, rowLine } from '../columns/table.ts';
import { VERDICT_TONE } from '../columns/verdict.ts';

/** The most events on the page. */
const EVENTS = 200;
const URLS = 8;
/** The most machines that are named. */
const MACHINES = 8;
const MINUTE = 60_000;

/** A host, and the most events to show: a pane has less room than a page. */
interface AskedHost {
  readonly host: string;
  readonly events?: number;
}

/** The page of one host, with everything known of it. */
export function hostPage(
  { host, events: most = EVENTS }: AskedHost,
  state: State,
  traffic: Traffic,
): readonly PageLine[] {
  const row = traffic.hosts.get(host);
  if (!row)
    return [
      {
        line: line(
          'Nothing is known of this host any more: its counts were folded, to make room for busier hosts.',
          'dim',
        ),
      },
    ];
  const events = eventsOf(host, traffic);
  const width = state.columns - 2;
  return [
    titleLine(host, row, width),
    ...ruling(row, state, width),
    blank,
    ...timeLine(events, { state, traffic, width }),
    ...verdictTable('TOOL', row.byTool, width),
    ...verdictTable('AGENT', row.byAgent, width),
    ...(row.systems.ranked().length > 1 ? tallied('systems', row.systems, width) : []),
    ...tallied('reasons', row.reasons, width),
    ...fact('bytes', `${grouped(row.bytes)} in bodies`, { width }),
    ...durations(row, width),
    ...fact(
      'seen',
      `${clock(row.first, state.now)} … ${clock(row.last, state.now)} UTC${row.address === null ? '' : `, last at ${row.address}`}`,
      { width },
    ),
    ...machineFacts(host, { state, traffic, width }),
    ...urls(events, state, width),
    blank,
    heading(`LAST EVENTS${events.length === EVENTS ? ` (the newest ${EVENTS})` : ''}`),
    ...eventLines(events.slice(0, most), state),
    ...(events.length === 0 ? [{ line: line(noneKept(traffic), 'dim') }] : []),
  ];
}

/** The host's name, cut in the middle if too long, and its decisions. */
function titleLine(host: string, row: HostRow, width: number): PageLine {
  const found = counts(row);
  const shown = nameOnScreen(host, 'host');
  const room = Math.max(24, width - 2 - lineWidth(found));
  const name = fitName(shown, Math.min(room, lineWidth(line(shown))));
  return { line: [span(name, 'strong'), span('  '), ...found], copy: host };
}

function counts(row: HostRow): Span[] {
  const shown = VERDICTS.filter(verdict => row.counts[verdict] > 0);
  return shown.flatMap(verdict => [
    span(`${short(row.counts[verdict])} ${verdict}  `, VERDICT_TONE[verdict]),
  ]);
}

/** The explanation of the policy's ruling, and the possible next steps. */
const ruling = (row: HostRow, state: State, width: number): readonly PageLine[] => [
  ...explanation(attemptOf(row), state, width),
  ...otherwiseBefore(row, state, width),
  ...(row.refusedCertificate !== null
    ? fact(
        'suggestion',
        `its TLS could not be opened: ${keyFor(state, 'passthrough')} adds it to passthrough`,
        { width, tone: 'warn' },
      )
    : []),
];

/** Denials and allows by minute, over the minutes of the host's newest events. */
function timeLine(
  events: readonly EgressEvent[],
  { state, traffic, width }: { readonly state: State; readonly traffic: Traffic; readonly width: number },
): readonly PageLine[] {
  const times = events.filter(event => event.verdict !== null && event.at !== null);
  const end = Math.max(...times.map(event => event.at ?? 0));
  if (times.length === 0) return [];
  const columns = Math.max(10, Math.min(60, width - 40));
  const start = Math.min(...times.map(event => event.at ?? 0));
  const step = Math.max(MINUTE, Math.ceil((end - start + 1) / columns / MINUTE) * MINUTE);
  const bars = (denied: boolean): string => {
    const values = Array<number>(columns).fill(0);
    for (const event of times) {
      const slot = columns - 1 - Math.floor((end - (event.at ?? 0)) / step);
      if ((event.verdict === 'deny') === denied && slot >= 0) values[slot] = (values[slot] ?? 0) + 1;
    }
    return sparkline(values);
  };
  const scale = `${step / MINUTE} min a bar, to ${clock(end, state.now)}${traffic.recent.dropped > 0 ? ', newest events only' : ''}`;
  return [
    { line: [span('allow         ', 'dim'), span(bars(false), 'allow'), span(`  ${scale}`, 'dim')] },
    { line: [span('deny          ', 'dim'), span(bars(true), 'deny')] },
  ];
}

function tallied(label: string, tally: NameCounts, width: number): readonly PageLine[] {
  const ranked = tally.ranked();
  if (ranked.length === 0) return [];
  const shown = ranked.slice(0, 6).map(([name, count]) => `${name} ×${grouped(count)}`);
  const more = ranked.length > 6 ? [`and ${ranked.length - 6} more`] : [];
  return fact(label, [...shown, ...more].join(' · '), { width });
}

/** The most names in a table. The others share one row. */
const TABLE_ROWS = 8;

/** The decisions of each tool or agent by verdict, the most frequent first. Verdicts without decisions have no column. */
function verdictTable(title: string, names: NameVerdicts, width: number): readonly PageLine[] {
  const ranked: readonly Ruled[] = names.ranked();
  const shown = ranked.length > TABLE_ROWS + 1 ? ranked.slice(0, TABLE_ROWS) : ranked;
  const rest = ranked.slice(shown.length);
  const rows = rest.length === 0 ? shown : [...shown, allOf(`and ${grouped(rest.length)} more`, rest)];
  const given = VERDICTS.filter(verdict => rows.some(([, counts]) => counts[verdict] > 0));
  const columns = layOut<Ruled>(
    [
      left({ title, isName: true, width: 24, priority: 0 }, ([name]) => nameCell(name, title.toLowerCase())),
      right({ title: 'TOTAL', width: 6, priority: 0 }, ([, counts]) => ({
        text: short(counts.total),
        tone: 'strong',
      })),
      ...given.map(verdict =>
        right<Ruled>(
          { title: verdict.toUpperCase(), width: Math.max(6, verdict.length), priority: 0 },
          ([, counts]) => counted(counts[verdict], VERDICT_TONE[verdict]),
        ),
      ),
    ],
    width,
  );
  return [
    { line: headerLine(columns, { sort: '', isReversed: false }).slice(1) },
    ...rows.map(ruled => ({ line: rowLine(columns, ruled).slice(1), copy: ruled[0] })),
    blank,
  ];
}

/** A tool or agent with its decisions. */
type Ruled = readonly [name: string, counts: SummedCounts];

function allOf(name: string, rows: readonly Ruled[]): Ruled {
  const sum = new Counts();
  for (const [, counts] of rows) sum.merge(counts.verdicts());
  return [name, sum];
}

const durations = (row: HostRow, width: number): readonly PageLine[] =>
  row.durations
    ? fact(
        'duration',
        `p50 ${milliseconds(row.durations.quantile(0.5))}, p95 ${milliseconds(row.durations.quantile(0.95))} of ${grouped(row.durations.count)} (±5 %)`,
        { width },
      )
    : [];

/** The machines of a fleet that asked for the host, busiest first, and where it was seen first. */
function machineFacts(
  host: string,
  { state, traffic, width }: { readonly state: State; readonly traffic: Traffic; readonly width: number },
): readonly PageLine[] {
  const shares = [...(traffic.machines?.of(host) ?? [])];
  if (shares.length === 0) return [];
  const ranked = shares.sort(
    ([name, one], [another, other]) => other.counts.total - one.counts.total || (name < another ? -1 : 1),
  );
  const named = ranked.slice(0, MACHINES).map(([name, { counts }]) => `${name} ${short(counts.total)}`);
  const [first] = shares
    .filter(([, share]) => share.first !== null)
    .sort(([, one], [, other]) => (one.first ?? 0) - (other.first ?? 0));
  const of = state.fleet ? ` of ${grouped(state.fleet.machines.length)}` : '';
  const more = ranked.length > MACHINES ? ', …' : '';
  return [
    ...fact('machines', `on ${grouped(ranked.length)}${of}: ${named.join(', ')}${more}`, { width }),
    ...(first
      ? fact('first seen', `on ${first[0]}, ${clock(first[1].first, state.now)} UTC`, { width })
      : []),
  ];
}

function urls(events: readonly EgressEvent[], state: State, width: number): readonly PageLine[] {
  const seen = new Map<string, number>();
  for (const { url, method } of events) {
    if (url === null) continue;
    const shown = `${method ?? ''} ${shownUrl(url, state)}`.trim();
    seen.set(shown, (seen.get(shown) ?? 0) + 1);
  }
  const ranked = [...seen].sort(([, one], [, other]) => other - one).slice(0, URLS);
  return ranked.flatMap(([url, count], index) =>
    fact(index === 0 ? 'URLs' : '', `${url}${count > 1 ? ` ×${count}` : ''}`, { width }),
  );
}

function eventsOf(host: string, traffic: Traffic): readonly EgressEvent[] {
  const found = traffic.recent.newest(EVENTS, event => (event.host ?? MISSING) === host);
  return [...found].sort((one, other) => (other.at ?? 0) - (one.at ?? 0));
}

/** Why a host with counts has no events: its events were dropped for newer ones. */
const noneKept = ({ recent }: Traffic): string =>
  `none among the newest ${plural(recent.length, 'record')}, which alone are kept`;

function eventLines(events: readonly EgressEvent[], state: State): readonly PageLine[] {
  const columns = layOut(streamColumns(state, state.columns - 2, 'HOST'), state.columns - 2);
  return events.map(event => ({ line: rowLine(columns, event).slice(1), event }));
}
