import { isDigit } from './text';

/** `2026-11-19T08:00:00` */
const SECONDS_LENGTH: usize = 19;
const MAX_FRACTION: usize = 9;
const DAY_MS: i64 = 86_400_000;

/**
 * Unix ms of `2026-11-19T08:00:00.123456789Z` (0–9 fraction digits, or `+05:30` instead of the Z) in the bytes from `start` to `end`,
 * as parseRfc3339 of src/core/time.ts reads it; NaN for any other form, instant or not.
 */
export function instantAt(start: usize, end: usize): f64 {
  if (end <= start + SECONDS_LENGTH || !isClock(start)) return NaN;
  const hour = digits(start + 11, 2);
  const minute = digits(start + 14, 2);
  const second = digits(start + 17, 2);
  if (<u32>hour >= 24 || <u32>minute >= 60 || <u32>second >= 60) return NaN;
  const zone = load<u8>(end - 1) == 0x5a ? end - 1 : isSign(load<u8>(end - 5)) ? end - 5 : end - 6;
  const offset = offsetMinutes(zone, end);
  const ms = zone < start + SECONDS_LENGTH ? -1 : fraction(start + SECONDS_LENGTH, zone);
  const day = dayNumber(digits(start, 4), digits(start + 5, 2), digits(start + 8, 2));
  if (ms < 0 || day == i32.MIN_VALUE || offset == i32.MIN_VALUE) return NaN;
  const seconds = hour * 3_600 + (minute - offset) * 60 + second;
  return <f64>(<i64>day * DAY_MS + <i64>seconds * 1_000 + ms);
}

/** Whether what stands between the digits is right. */
function isClock(start: usize): bool {
  return (
    load<u8>(start + 4) == 0x2d &&
    load<u8>(start + 7) == 0x2d &&
    load<u8>(start + 10) == 0x54 &&
    load<u8>(start + 13) == 0x3a &&
    load<u8>(start + 16) == 0x3a
  );
}

/** Negative where a byte is no digit. */
function digits(start: usize, count: i32): i32 {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const byte: u32 = load<u8>(at);
    if (!isDigit(byte)) return -1;
    value = value * 10 + (byte - 0x30);
  }
  return value;
}

/** Whole milliseconds, the rest cut; negative where it is none. */
function fraction(start: usize, end: usize): i32 {
  if (start == end) return 0;
  const count = end - start - 1;
  if (load<u8>(start) != 0x2e || count < 1 || count > MAX_FRACTION) return -1;
  let ms = digits(start + 1, <i32>count);
  for (let digit = count; digit < 3; digit += 1) ms *= 10;
  for (let digit: usize = 3; digit < count; digit += 1) ms = ms < 0 ? ms : ms / 10;
  return ms;
}

/** Minutes east of Greenwich of `Z` or `+05:30`; the least i32 for any other text. */
function offsetMinutes(zone: usize, end: usize): i32 {
  if (zone == end - 1) return 0;
  const sign: u32 = load<u8>(zone);
  const hours = digits(zone + 1, 2);
  const isShort = zone == end - 5; // `+0530`
  const minutes = digits(isShort ? zone + 3 : zone + 4, 2);
  if (!isSign(sign) || (!isShort && load<u8>(zone + 3) != 0x3a)) return i32.MIN_VALUE;
  if (<u32>hours >= 24 || <u32>minutes >= 60) return i32.MIN_VALUE;
  return (sign == 0x2d ? -1 : 1) * (hours * 60 + minutes);
}

function isSign(byte: u32): bool {
  return byte == 0x2b || byte == 0x2d;
}

/** Days since 1970-01-01 in the Gregorian calendar; the least i32 for a day that it does not have. Counts years from March, so that leap days come last. */
function dayNumber(year: i32, month: i32, day: i32): i32 {
  if (year < 0 || <u32>(month - 1) >= 12 || day < 1 || day > daysOf(year, month)) return i32.MIN_VALUE;
  const marchYear = month > 2 ? year : year - 1;
  const monthsSinceMarch = (month + 9) % 12;
  const dayOfYear = (153 * monthsSinceMarch + 2) / 5 + day - 1;
  const leapDays = floorDiv(marchYear, 4) - floorDiv(marchYear, 100) + floorDiv(marchYear, 400);
  return 365 * marchYear + leapDays + dayOfYear - 719_468;
}

/** Of a divisor above 0. */
function floorDiv(dividend: i32, divisor: i32): i32 {
  return (dividend - (dividend < 0 ? divisor - 1 : 0)) / divisor;
}

function daysOf(year: i32, month: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return 30 + ((month + month / 8) & 1);
}
