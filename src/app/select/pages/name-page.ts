import { VERDICTS, type EgressEvent } from '../../../core/event.ts';
import { grouped, plural } from '../../../core/grouped.ts';
import { Counts } from '../../../core/traffic/counts.ts';
import { MISSING, type TrafficRow } from '../../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../../core/traffic/traffic.ts';
import type { State } from '../../state/state.ts';
import { counted, nameCell, nameOnScreen } from '../columns/cells.ts';
import { streamColumns } from '../columns/stream-columns.ts';
import { headerLine, layOut, left, right, rowLine } from '../columns/table.ts';
import { VERDICT_TONE } from '../columns/verdict.ts';
import { clock, short } from '../text/format.ts';
import { line, span } from '../text/span.ts';
import { blank, fact, heading, type PageLine } from './page.ts';

/** The kind of rows on the screen. */
type NameKind = 'tool' | 'agent';

/** The most records that are shown. The hosts are counted from them. */
const EVENTS = 200;
const HOSTS = 12;

/** The page of a tool or an agent: its decisions, and the hosts of its newest records, of which `most` are shown. */
export function namePage(
  { kind, row, most }: { readonly kind: NameKind; readonly row: TrafficRow; readonly most: number },
  state: State,
  traffic: Traffic,
): readonly PageLine[] {
  const width = state.columns - 2;
  const events = eventsOf(kind, row.name, traffic);
  const columns = layOut(streamColumns(state, width, kind.toUpperCase()), width);
  return [
    { line: [span(`${kind} `, 'dim'), span(nameOnScreen(row.name, kind), 'strong')], copy: row.name },
    {
      line: VERDICTS.filter(verdict => row.counts[verdict] > 0).map(verdict =>
        span(`${short(row.counts[verdict])} ${verdict}  `, VERDICT_TONE[verdict]),
      ),
    },
    ...fact('seen', `${clock(row.first, state.now)} … ${clock(row.last, state.now)} UTC`, { width }),
    ...fact('bytes', `${grouped(row.bytes)} in bodies`, { width }),
    blank,
    heading(`HOSTS of its newest ${plural(events.length, 'record')}`),
    ...hostLines(events, width),
    blank,
    heading('LAST EVENTS'),
    ...events.slice(0, most).map(event => ({ line: rowLine(columns, event).slice(1), event })),
    ...(events.length === 0 ? [{ line: line('none among the records that are kept', 'dim') }] : []),
  ];
}

const eventsOf = (kind: NameKind, name: string, traffic: Traffic): readonly EgressEvent[] =>
  traffic.recent.newest(EVENTS, event => (event[kind] ?? MISSING) === name && event.verdict !== null);

/** A host, and the decisions for the tool or agent on it. */
type RuledHost = readonly [host: string, counts: Counts];

function hostLines(events: readonly EgressEvent[], width: number): readonly PageLine[] {
  const hosts = new Map<string, Counts>();
  for (const { host, verdict } of events) {
    if (verdict === null) continue;
    const name = host ?? MISSING;
    let counts = hosts.get(name);
    if (!counts) hosts.set(name, (counts = new Counts()));
    counts.add(verdict);
  }
  const ranked: readonly RuledHost[] = [...hosts].sort(([, one], [, other]) => other.total - one.total);
  const columns = layOut<RuledHost>(
    [
      left({ title: 'HOST', isName: true, width: { least: 24 }, priority: 0 }, ([host]) =>
        nameCell(host, 'host'),
      ),
      right({ title: 'TOTAL', width: 6, priority: 1 }, ([, counts]) => ({ text: short(counts.total) })),
      right({ title: 'ALLOW', width: 6, priority: 1 }, ([, counts]) => counted(counts.allow, 'allow')),
      right({ title: 'DENY', width: 6, priority: 0 }, ([, counts]) => counted(counts.deny, 'deny')),
    ],
    width,
  );
  const more = ranked.length - HOSTS;
  return [
    { line: headerLine(columns, { sort: '', isReversed: false }).slice(1) },
    ...ranked.slice(0, HOSTS).map(host => ({
      line: rowLine(columns, host).slice(1),
      copy: host[0],
    })),
    ...(more > 0 ? [{ line: line(`and ${plural(more, 'more host')}`, 'dim') }] : []),
  ];
}
