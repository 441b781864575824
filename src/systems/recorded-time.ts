import type { EgressEvent, JsonObject } from '../core/event.ts';
import { parseInstant, toIso, toIsoSeconds } from '../core/time.ts';

/** The usual names of time fields, the most specific first. */
export const TIME_FIELDS = ['ts', 'timestamp', 'time', '@timestamp', 'created_at', 'at'] as const;

/**
 * The time in a field (RFC 3339 text or a unix time), and its text in UTC. A text keeps its precision; a number has milliseconds at most.
 */
export function recordedTime(value: unknown): Pick<EgressEvent, 'at' | 'time'> {
  const at = parseInstant(value);
  if (at === null) return { at, time: typeof value === 'string' && value !== '' ? value : null };
  const count = Number(value);
  return { at, time: Number.isNaN(count) ? inUtc(at, String(value)) : ofUnix(at, count) };
}

/** The time of the first field with a readable time, else of the first field with any text. */
export function timeIn(record: JsonObject, fields: readonly string[]): Pick<EgressEvent, 'at' | 'time'> {
  const times = fields.map(field => recordedTime(record[field]));
  return (
    times.find(({ at }) => at !== null) ?? times.find(({ time }) => time !== null) ?? { at: null, time: null }
  );
}

const ZONELESS = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\s*$/;

/** Whether the record's time has no time zone. Such times are read as UTC, which is a guess. */
export const hasZonelessTime = (record: JsonObject): boolean =>
  TIME_FIELDS.some(field => {
    const value = record[field];
    return typeof value === 'string' && ZONELESS.test(value);
  });

/** The text in UTC. Offsets are whole minutes, so the fraction stays unchanged. A leap second is shown as the time that it is read as. */
function inUtc(at: number, text: string): string {
  if (/:60(?!\d)/.test(text)) return toIso(at);
  const fraction = /[.,](\d+)/.exec(text)?.[1];
  return fraction === undefined ? toIsoSeconds(at) : `${toIso(at).slice(0, 19)}.${fraction}Z`;
}

const ofUnix = (at: number, count: number): string =>
  Number.isInteger(count) && at === count * 1_000 ? toIsoSeconds(at) : toIso(at);
