import { parseRfc3339 } from '../../core/time.ts';
import { isDigit } from './json-bytes.ts';

/** `2026-11-19T08:00:00` */
const SECONDS_LENGTH = 19;
const MAX_FRACTION = 9;
const DASH = 0x2d;
const COLON = 0x3a;

/** The day that was asked for last: a log has few days and many records. */
let lastDay = -1;
let lastMidnight = Number.NaN;

/** Unix ms of `2026-11-19T08:00:00.123456789Z` (0–9 fraction digits) in `bytes[start, end)`, as `parseRfc3339` reads it; NaN for any other form, instant or not. */
export function instantAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= SECONDS_LENGTH || bytes[end - 1] !== 0x5a || !isClock(bytes, start)) return Number.NaN;
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  const ms = fraction(bytes, start + SECONDS_LENGTH, end - 1);
  if (!(hour < 24 && minute < 60 && second < 60 && ms >= 0)) return Number.NaN;
  return midnight(bytes, start) + (hour * 3_600 + minute * 60 + second) * 1_000 + ms;
}

const isClock = (bytes: Uint8Array, start: number): boolean =>
  bytes[start + 4] === DASH &&
  bytes[start + 7] === DASH &&
  bytes[start + 10] === 0x54 &&
  bytes[start + 13] === COLON &&
  bytes[start + 16] === COLON;

/** NaN where a byte is no digit. */
function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const byte = bytes[at] as number;
    if (!isDigit(byte)) return Number.NaN;
    value = value * 10 + byte - 0x30;
  }
  return value;
}

/** Whole milliseconds, the rest cut; NaN where it is none. */
function fraction(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const count = end - start - 1;
  if (bytes[start] !== 0x2e || count < 1 || count > MAX_FRACTION) return Number.NaN;
  return Math.floor((digits(bytes, start + 1, count) * 1_000) / 10 ** count);
}

/** NaN for a day that the calendar does not have. */
function midnight(bytes: Uint8Array, start: number): number {
  const day =
    digits(bytes, start, 4) * 10_000 + digits(bytes, start + 5, 2) * 100 + digits(bytes, start + 8, 2);
  if (day !== lastDay) {
    const date = String.fromCharCode(...bytes.subarray(start, start + 10));
    lastMidnight = parseRfc3339(`${date}T00:00:00Z`) ?? Number.NaN;
    lastDay = day;
  }
  return lastMidnight;
}
