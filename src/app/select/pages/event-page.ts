import { machineOf, type EgressEvent } from '../../../core/event.ts';
import { toIso } from '../../../core/time.ts';
import type { Traffic } from '../../../core/traffic/traffic.ts';
import { redactUrl } from '../../../core/url.ts';
import { grouped } from '../../../core/grouped.ts';
import { milliseconds } from '../text/format.ts';
import { line, span } from '../text/span.ts';
import { AT_FIRST, type Folding } from '../../state/page.ts';
import type { State } from '../../state/state.ts';
import { jsonLines } from './json-lines.ts';
import { explanation } from './explanation.ts';
import { blank, fact, heading, type PageLine } from './page.ts';
import { detailOf, shownUrl } from '../columns/stream-columns.ts';
import { VERDICT_TONE } from '../columns/verdict.ts';

/** The page of one event: its fields, the other records of its attempt, and the original record. */
export function eventPage(
  { event, folding = AT_FIRST }: { readonly event: EgressEvent; readonly folding?: Folding },
  state: State,
  traffic: Traffic,
): readonly PageLine[] {
  const width = state.columns - 2;
  const known: readonly (readonly [string, string | null])[] = [
    [
      'time',
      event.at === null
        ? event.time
        : `${toIso(event.at)}${event.time === null ? '' : ` (recorded as ${event.time})`}`,
    ],
    ['machine', machineOf(event.source)],
    ['host', event.host],
    ['address', event.address],
    ['port', event.port === null ? null : String(event.port)],
    ['agent', event.agent],
    ['tool', event.tool],
    [
      'request',
      event.url === null ? event.method : `${event.method ?? ''} ${shownUrl(event.url, state)}`.trim(),
    ],
    ['status', event.status === null ? null : String(event.status)],
    ['reason', event.reason],
    ['rule', event.rule],
    ['TLS', event.interception],
    ['duration', event.durationMs === null ? null : milliseconds(event.durationMs)],
    ['bytes', event.bytes === null ? null : grouped(event.bytes)],
    ['hop', event.hop === null ? null : String(event.hop)],
    ['attempt', event.correlationId],
    ['source', `${event.source} (${event.system})`],
  ];
  return [
    {
      line: [
        span(event.kind, 'strong'),
        span('  '),
        span(
          event.verdict ?? 'info: no ruling',
          event.verdict === null ? 'dim' : VERDICT_TONE[event.verdict],
        ),
      ],
    },
    blank,
    ...known.flatMap(([label, value]) => (value === null ? [] : fact(label, value, { width }))),
    ...(event.verdict === null ? [] : explanation(event, state, width)),
    ...joined(event, state, traffic),
    blank,
    heading('RECORD'),
    ...recordLines(event, state, folding),
  ];
}

/** The tool call of a request and all its hops, including this record. */
function joined(event: EgressEvent, state: State, traffic: Traffic): readonly PageLine[] {
  const others = traffic.joins.of(event);
  if (others.length === 0) return [];
  const lines = [event, ...others].toSorted(byHop).map((other): PageLine => ({
    line: line(
      `${other === event ? '▸ ' : '  '}${stepOf(other)}${other.verdict ?? 'info'}  ${other.kind}  ${other.host ?? state.options.outcomeOf(other) ?? other.tool ?? '-'}  ${detailOf(other, state)}${other === event ? '  (this record)' : ''}`.trimEnd(),
      other.verdict === null ? 'plain' : VERDICT_TONE[other.verdict],
    ),
    ...(other === event ? {} : { event: other }),
  }));
  return [blank, heading('SAME ATTEMPT'), ...lines];
}

/** Compares records by hop, then by time. A record without a hop, such as the tool call, comes first. The sort is stable. */
const byHop = (one: EgressEvent, other: EgressEvent): number =>
  (one.hop ?? -1) - (other.hop ?? -1) || (one.at ?? 0) - (other.at ?? 0);

/** The hop, the time of day and the status of a record, as far as they are known. */
function stepOf({ hop, at, status }: EgressEvent): string {
  const parts = [
    hop === null ? null : `hop ${hop}`,
    at === null ? null : toIso(at).slice(11),
    status === null ? null : String(status),
  ];
  return parts.map(part => (part === null ? '' : `${part}  `)).join('');
}

/** A URL anywhere in a text. The scheme's length is limited, because an unlimited search would take quadratic time. */
const URLS = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>`]+/gi;

/** The lines of a record, with the inputs from which they were made. */
interface MadeLines {
  readonly folding: Folding;
  readonly width: number;
  readonly showQueries: boolean;
  readonly lines: readonly PageLine[];
}

/** Cache of the lines: a large record has tens of thousands. */
const MADE = new WeakMap<object, MadeLines>();

function recordLines(
  { raw }: EgressEvent,
  { columns, options }: State,
  folding: Folding,
): readonly PageLine[] {
  const [width, { showQueries }] = [columns - 2, options];
  const made = MADE.get(raw);
  if (made?.folding === folding && made.width === width && made.showQueries === showQueries)
    return made.lines;
  const shown = showQueries ? raw : redacted(raw);
  const lines = jsonLines(shown, { folding, width, whole: JSON.stringify(raw) });
  MADE.set(raw, { folding, width, showQueries, lines });
  return lines;
}

/** The record with redacted URLs. */
const redacted = (raw: EgressEvent['raw']): unknown =>
  JSON.parse(
    JSON.stringify(raw, (_, value: unknown) =>
      typeof value === 'string' ? value.replace(URLS, redactUrl) : value,
    ),
  ) as unknown;
