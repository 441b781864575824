import type { EgressEvent, JsonObject } from '../core/event.ts';
import { isObject } from '../core/record.ts';
import { exactRecord } from './exact-record.ts';
import type { Origin, System } from './system.ts';

/** The result of reading one line. A `blank` line is skipped and not counted. */
export type DecodedLine =
  | { readonly type: 'event'; readonly event: EgressEvent }
  | { readonly type: 'blank' }
  | { readonly type: 'malformed'; readonly why: string; readonly remedy: string };

/** The deepest nesting that is read. `JSON.stringify` recurses and could not write deeper JSON again; no system comes near. */
const DEEPEST = 500;

/** How much of a line a problem quotes. */
const EXCERPT = 60;

/** Reads one line by its own shape, whatever file it stands in. A bad line is a result, never an exception. */
export function decodeLine(line: string, origin: Origin, systems: readonly System[]): DecodedLine {
  if (line.trim() === '') return { type: 'blank' };
  const record = parse(line);
  if (typeof record === 'string')
    return { type: 'malformed', why: record, remedy: 'egresstop reads one JSON object a line' };
  const system = systemOf(record, systems);
  if (!system)
    return {
      type: 'malformed',
      why: `no known record: ${keysOf(record)}`,
      remedy: 'see the README for the shapes that are read',
    };
  const event = system.decode(record, origin);
  const raw = exactRecord(record, line);
  return { type: 'event', event: raw === record ? event : { ...event, raw } };
}

/** The system whose shape a record has; null where no system recognises it. */
export const systemOf = (record: JsonObject, systems: readonly System[]): System | null =>
  systems.find(system => system.recognises(record)) ?? null;

/** The object of the line, or why it is none. */
function parse(line: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return `not a JSON object: ${excerpt(line)}`;
    return isDeeperThan(DEEPEST, value, line) ? `nested deeper than ${DEEPEST}` : value;
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Walks level by level, not by recursion. A level needs two brackets, so a short line is decided by its length. */
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
