import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination } from '../../../core/host.ts';
import { count, isObject, text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin, TextLine } from '../../system.ts';

/** The event with which Codex's network proxy reports a ruling (`POLICY_DECISION_EVENT_NAME`). */
const DECISION = 'codex.network_proxy.policy_decision';
const DECISIONS: Readonly<Record<string, Verdict>> = { allow: 'allow', deny: 'deny', ask: 'pending' };

/** Whether a record holds the attributes of an event of Codex. */
export const isEvent = (record: JsonObject): boolean =>
  (text(record, 'event.name') ?? '').startsWith('codex.');

/** A line of tracing text: a time, a level, optional spans, and the target of the audit. */
const DEBUG_LINE =
  /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\s+(?:TRACE|DEBUG|INFO|WARN|ERROR)\s+(?:\S+:\s+)*?codex_otel[\w.]*:\s+(.*)$/s;
const FIELD = /([\w.]+)=("(?:[^"\\]|\\.)*"|\S+)/gs;

/** A ruling in a line of the debug log as a record of its fields; null for any other line. */
export function readDebugLine(line: string): TextLine | null {
  if (!line.includes(DECISION)) return null; // fast test, because every line of text is tried
  const [, at, fields] = DEBUG_LINE.exec(line.trimEnd()) ?? [];
  if (at === undefined || fields === undefined) return null;
  const record = Object.fromEntries(
    [...fields.matchAll(FIELD)].map(([, key = '', value = '']) => [key, unquoted(value)]),
  );
  return record['event.name'] === DECISION
    ? { type: 'record', record: { 'event.timestamp': at, ...record } }
    : null;
}

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value;

/** The events of Codex in a JSON batch of OTLP logs, as records of their attributes; null for any other record. */
export function eventsIn(batch: JsonObject): readonly JsonObject[] | null {
  if (!Array.isArray(batch['resourceLogs'])) return null;
  const logs = objectsIn(batch['resourceLogs'])
    .flatMap(resource => objectsIn(resource['scopeLogs']))
    .flatMap(scope => objectsIn(scope['logRecords']));
  return logs.map(attributesOf).filter(isEvent);
}

const objectsIn = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** The attributes of a log record by key. Without `event.timestamp`, the log record's own time is used. */
function attributesOf(log: JsonObject): JsonObject {
  const nanoseconds = text(log, 'timeUnixNano');
  const own = nanoseconds === null ? {} : { timeUnixNano: nanoseconds };
  const attributes = objectsIn(log['attributes']).map(({ key, value }) => [String(key), valueOf(value)]);
  return { ...own, ...Object.fromEntries(attributes) };
}

/** The value of an OTLP attribute, which is an object with the type as its key. Integers are texts. */
function valueOf(value: unknown): unknown {
  if (!isObject(value)) return null;
  return value['stringValue'] ?? value['intValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? null;
}

/** Decodes an event of Codex. Rulings of the proxy are decisions; other events have no verdict. */
export function decodeEvent(record: JsonObject, origin: Origin): EgressEvent {
  const name = text(record, 'event.name') ?? 'codex';
  const blank = {
    ...blankEvent({
      system: 'codex',
      source: origin.source,
      kind: name.replace(/^codex\./, ''),
      raw: record,
    }),
    ...timeOf(record),
    agent: origin.agent,
  };
  if (name !== DECISION) return blank;
  const decision = text(record, 'network.policy.decision') ?? '';
  const verdict = Object.hasOwn(DECISIONS, decision) ? (DECISIONS[decision] ?? null) : null;
  const { host } = splitDestination(text(record, 'server.address') ?? '');
  const port = count(record, 'server.port') ?? Number(text(record, 'server.port') ?? Number.NaN);
  const method = text(record, 'http.request.method');
  return {
    ...blank,
    host,
    address: addressIn(host),
    port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null,
    method: method === 'none' || method === '' ? null : method,
    verdict,
    rule: text(record, 'network.policy.source'),
    reason: verdict === null || verdict === 'allow' ? null : text(record, 'network.policy.reason'),
  };
}

/** The decision of a ruling if it is an unknown word; else null. */
export function unknownDecision(record: JsonObject): string | null {
  const decision = record['event.name'] === DECISION ? text(record, 'network.policy.decision') : null;
  return decision === null || Object.hasOwn(DECISIONS, decision)
    ? null
    : `network.policy.decision ${JSON.stringify(decision)}`;
}

function timeOf(record: JsonObject): ReturnType<typeof recordedTime> {
  const written = text(record, 'event.timestamp');
  if (written !== null) return recordedTime(written);
  const milliseconds = Number(text(record, 'timeUnixNano') ?? Number.NaN) / 1e6;
  return recordedTime(Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString());
}
