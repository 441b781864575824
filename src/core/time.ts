const RFC3339 =
  /^(\d{4}-\d{2}-(\d{2}))[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(?:[.,](\d{1,9}))?\s*([Zz]|[+-]\d{2}:?\d{2})?$/;
const NUMBER = /^\d{1,20}(?:\.\d{1,9})?$/;
/** The size from which a unix time counts as milliseconds, microseconds or nanoseconds. Seconds pass 1e11 in the year 5138. */
const MILLISECONDS_FROM = 1e11;
const MICROSECONDS_FROM = 1e14;
const NANOSECONDS_FROM = 1e17;
/** The last instant a Date can hold, ms: ECMA-262 §21.4.1.1. */
const LAST_INSTANT = 8.64e15;

/**
 * Unix milliseconds of an RFC 3339 text with 0–9 fraction digits; no offset means UTC. Null when it is not a valid time. Second 60 is a
 * leap second (RFC 3339 §5.7). A Date has none, so it becomes the last millisecond before the next minute.
 */
export function parseRfc3339(text: string): number | null {
  const parts = RFC3339.exec(text.trim());
  if (!parts) return null;
  const [, date = '', day = '', minute, second = '', fraction = '', offset = 'Z'] = parts;
  if (day > '28' && !isDate(date)) return null;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const clock = second === '60' ? '59.999' : `${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const at = Date.parse(`${date}T${minute}:${clock}${zone}`);
  return Number.isNaN(at) ? null : at;
}

/** Whether the day exists in the calendar: `Date.parse` turns February 30th into March 2nd. */
const isDate = (date: string): boolean => {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && toIso(at).startsWith(date);
};

/** Unix milliseconds of a unix time in seconds, ms, µs or ns, which its size tells. Takes a number, decimal text or BigInt. */
export function parseUnix(value: unknown): number | null {
  if (typeof value === 'string' && !NUMBER.test(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null;
  const count = Number(value);
  if (!Number.isFinite(count) || count < 0) return null;
  const exact = toMilliseconds(count);
  // A binary fraction of a second is slightly off its decimal value: rounding to whole microseconds corrects it.
  const at = Math.floor(Number.isInteger(exact) ? exact : Math.round(exact * 1e3) / 1e3) + 0; // `+ 0` turns -0 into 0
  return at <= LAST_INSTANT ? at : null;
}

function toMilliseconds(count: number): number {
  if (count >= NANOSECONDS_FROM) return count / 1e6;
  if (count >= MICROSECONDS_FROM) return count / 1e3;
  return count >= MILLISECONDS_FROM ? count : count * 1e3;
}

/** Unix milliseconds of a field that holds RFC 3339 text or a unix time; null for anything else. */
export const parseInstant = (value: unknown): number | null =>
  (typeof value === 'string' ? parseRfc3339(value) : null) ?? parseUnix(value);

/** A time as ISO UTC text with milliseconds, as in JSON output. */
export function toIso(at: number): string {
  if (!Number.isInteger(at) || at < 0 || at >= YEAR_10000) return new Date(at).toISOString();
  const day = Math.floor(at / DAY_MS);
  if (day !== lastDay) [lastDay, lastDate] = [day, new Date(day * DAY_MS).toISOString().slice(0, 11)];
  const ms = at - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  return `${lastDate}${clock}.${String(ms % 1_000).padStart(3, '0')}Z`;
}

const DAY_MS = 86_400_000;
/** From this time on a Date prints its year with six digits (ECMA-262 §21.4.1.32). */
const YEAR_10000 = Date.UTC(10_000, 0);
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, count) =>
  String(count).padStart(2, '0'),
);
const twoDigits = (count: number): string => TWO_DIGITS[count] ?? '';
/** Cache of the date printed last, up to its `T`: a screen prints the same day many times. */
let [lastDay, lastDate] = [-1, ''];

/** A time as ISO UTC text with whole seconds, for logs that record no finer time. */
export const toIsoSeconds = (at: number): string => `${toIso(at).slice(0, 19)}Z`;

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };

/** Milliseconds of `90s`, `10m`, `1h30m`, `2d`; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART))
    total += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return total;
}

/** Unix milliseconds of `10m` (that long before `now`), or of an ISO time or date; null for any other text. */
export function parseMoment(text: string, now: number): number | null {
  const duration = parseDuration(text);
  if (duration !== null) return now - duration;
  return parseRfc3339(
    /^\d{4}-\d{2}-\d{2}$/.test(text)
      ? `${text}T00:00:00Z`
      : text.replace(/(T\d{2}:\d{2})(Z|[+-].*)?$/, '$1:00$2'),
  );
}

/** Whether a text is an ISO time or date that names no zone: `parseMoment` takes it as UTC. */
export const isZoneless = (text: string): boolean =>
  parseDuration(text) === null &&
  parseMoment(text, 0) !== null &&
  !ZONE.test(text.trim().slice('2026-11-19'.length));

const ZONE = /(?:[Zz]|[+-]\d{2}:?\d{2})$/;
