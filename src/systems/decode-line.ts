import { blankEvent, UNRECOGNISED, type EgressEvent, type JsonObject } from '../core/event.ts';
import { splitDestination } from '../core/host.ts';
import { isObject, text } from '../core/record.ts';
import { jsonFault } from '../core/text/json-fault.ts';
import { exactRecord, plainRecord } from './exact-record.ts';
import { isNormalised, readNormalised } from './normalised-event.ts';
import { timeIn, TIME_FIELDS } from './recorded-time.ts';
import type { Origin, System } from './system.ts';

/**
 * The result of decoding a line. `blank` lines are skipped and not counted. The event of an `unrecognised` record has no verdict; `example`
 * is the beginning of its line.
 */
export type DecodedLine =
  | { readonly type: 'event'; readonly event: EgressEvent }
  | { readonly type: 'unrecognised'; readonly event: EgressEvent; readonly example: string }
  | { readonly type: 'blank' }
  /** `isClaimed`: a system recognises the line as its own and broken. Then no record inside it may be used. */
  | {
      readonly type: 'malformed';
      readonly why: string;
      readonly remedy: string;
      /** 1-based, where one place of the line is at fault. */
      readonly column?: number;
      readonly isClaimed?: true;
    };

/** The deepest nesting that is read. `JSON.stringify` recurses and fails on deeper JSON; no system's records come near. */
const DEEPEST = 500;

/** The most characters of a line that a problem quotes. */
const EXCERPT = 60;

/** Decodes one line by its own shape, independent of its file. A bad line is a result, never an exception. */
export function decodeLine(line: string, origin: Origin, systems: readonly System[]): DecodedLine {
  if (line.trim() === '') return { type: 'blank' };
  const isText = !OBJECT.test(line); // tested first: an exception of JSON.parse costs more than parsing a line of text
  const early = isText ? decodeText(line, origin, systems) : null;
  if (early) return early;
  const parsed = parse(line);
  if ('fault' in parsed)
    return (
      (isText ? null : decodeText(line, origin, systems)) ?? {
        type: 'malformed',
        remedy: 'egresstop reads one JSON object a line',
        ...parsed.fault,
      }
    );
  const { record } = parsed;
  if (isNormalised(record)) return readBack({ record, line }, origin, systems);
  const system = systemOf(record, systems, origin);
  if (!system)
    return { type: 'unrecognised', event: unrecognised(record, origin), example: excerpt(line.trim()) };
  const fault = system.faultOf?.(line) ?? null;
  if (fault) return { type: 'malformed', ...fault, isClaimed: true };
  return read({ system, record, event: exactly(system.decode(record, origin), record, line) }, line);
}

interface ReadRecord {
  readonly system: System;
  readonly record: JsonObject;
  readonly event: EgressEvent;
}

/** The result for a record of a known system. If the system cannot tell whether it is a decision, it is unrecognised. */
function read({ system, record, event }: ReadRecord, line: string): DecodedLine {
  const why = system.unruled?.(record) ?? null;
  if (why === null) return { type: 'event', event };
  return { type: 'unrecognised', event: unruled(event, why), example: excerpt(line.trim()) };
}

/** The beginning of a JSON object. */
const OBJECT = /^\s*\{/;

/** Decodes a line that is no JSON object by the first system that accepts it; null if none does. */
function decodeText(line: string, origin: Origin, systems: readonly System[]): DecodedLine | null {
  for (const system of systems) {
    const found = system.readText?.(line) ?? null;
    if (found?.type === 'record') {
      const { record } = found;
      return read({ system, record, event: system.decode(record, origin) }, line);
    }
    if (found) return { type: 'malformed', why: found.why, remedy: found.remedy, isClaimed: true };
  }
  return null;
}

/** The event of a record whose ruling is unclear. It keeps its facts but has no verdict. */
const unruled = (event: EgressEvent, why: string): EgressEvent => ({
  ...event,
  system: UNRECOGNISED,
  kind: why,
  verdict: null,
  reason: null,
});

/** The event with the numbers of its record as the line spells them. */
function exactly(event: EgressEvent, record: JsonObject, line: string): EgressEvent {
  const exact = exactRecord(record, line);
  if (exact === record) return event;
  if (event.raw === record) return { ...event, raw: exact };
  const { raw } = exact; // what another program printed, the record itself within
  return isObject(raw) ? { ...event, raw } : event;
}

/** Decodes a record of a snapshot, with its numbers as the snapshot spells them. */
export function decodeExact(system: System, record: JsonObject, origin: Origin): EgressEvent {
  const plain = plainRecord(record);
  const event = system.decode(plain, origin);
  return event.raw === plain ? { ...event, raw: record } : event;
}

function readBack(
  { record, line }: { readonly record: JsonObject; readonly line: string },
  origin: Origin,
  systems: readonly System[],
): DecodedLine {
  if (record['system'] === UNRECOGNISED) return readBackUnrecognised(record, origin, systems);
  const event = readNormalised(record, origin, systems);
  if (typeof event !== 'string') return { type: 'event', event: exactly(event, record, line) };
  return { type: 'malformed', why: event, remedy: 'read the log that it was printed from' };
}

/**
 * Decodes a printed event of an unrecognised record. It stays unrecognised, whatever verdict the line claims. Its name comes from the
 * record inside.
 */
function readBackUnrecognised(record: JsonObject, origin: Origin, systems: readonly System[]): DecodedLine {
  const raw = isObject(record['raw']) ? record['raw'] : record;
  const system = systemOf(raw, systems, origin);
  const why = system?.unruled?.(raw) ?? null;
  if (system && why !== null) {
    const event = unruled(system.decode(raw, origin), why);
    return { type: 'unrecognised', event, example: excerpt(JSON.stringify(raw)) };
  }
  return { type: 'unrecognised', event: unrecognised(raw, origin), example: excerpt(JSON.stringify(raw)) };
}

/** The system whose shape a record has; null without one. */
export const systemOf = (
  record: JsonObject,
  systems: readonly System[],
  origin?: Pick<Origin, 'owner'>,
): System | null => systems.find(system => system.recognises(record, origin)) ?? null;

/** Fields that commonly hold the type of a record, the most specific first. */
const NAMES = ['event', 'kind', 'type', 'event_type', 'eventName', 'action', 'msg', 'message'];

/** The event of an unknown record: its name, time and host, without a verdict. */
function unrecognised(record: JsonObject, origin: Origin): EgressEvent {
  const name = NAMES.map(field => text(record, field)).find(found => found !== null);
  return {
    ...blankEvent({
      system: UNRECOGNISED,
      source: origin.source,
      kind: excerpt(name ?? keysOf(record)),
      raw: record,
    }),
    ...timeIn(record, TIME_FIELDS),
    host: splitDestination(text(record, 'host') ?? '').host,
    agent: origin.agent,
  };
}

/** Why a line is no object, and the remedy where one is known. */
type Fault = Omit<DecodedLine & { readonly type: 'malformed' }, 'type' | 'remedy'> & {
  readonly remedy?: string;
};

/** The JSON object in a line, or why there is none. */
function parse(line: string): { readonly record: JsonObject } | { readonly fault: Fault } {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return { fault: { why: `not a JSON object: ${excerpt(line)}` } };
    return isDeeperThan(DEEPEST, value, line)
      ? { fault: { why: `nested deeper than ${DEEPEST}` } }
      : { record: value };
  } catch (error) {
    const fault = jsonFault(line);
    if (!fault)
      return { fault: { why: `not JSON: ${error instanceof Error ? error.message : String(error)}` } };
    return { fault: { why: `not JSON: ${fault.why}`, remedy: fault.remedy, column: fault.offset + 1 } };
  }
}

/** Whether the nesting is too deep. It goes level by level without recursion. A level needs two brackets, so short lines need no walk. */
function isDeeperThan(levels: number, root: JsonObject, line: string): boolean {
  if (line.length < 2 * levels) return false;
  let level: readonly unknown[] = [root];
  for (let depth = 0; depth <= levels && level.length > 0; depth += 1)
    level = level.flatMap(value => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  return level.length > 0;
}

function keysOf(record: JsonObject): string {
  const keys = Object.keys(record);
  return keys.length === 0 ? 'an empty object' : excerpt(`an object with ${keys.slice(0, 8).join(', ')}`);
}

const excerpt = (text: string): string => (text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text);
