import { instantAt } from './instant';
import {
  addedBytesOf,
  bytesOf,
  durationOf,
  hasOtherTimes,
  isUnix,
  measuredCount,
  measuredPlace,
  timeOf,
} from './layout';
import { measuresDurations } from './sketches';
import { isDigit } from './text';
import { EXACT_DIGITS, endOf, INTEGER, numberAt, OTHER_NUMBER, startOf, TEXT, typeOf } from './values';

const BACKSLASH: u32 = 0x5c;

/**
 * Whether every measure is a plain one, or none: a text that may spell a number is left to the decoder. A duration may be any number
 * where durations are not measured.
 */
export function isMeasured(found: usize): bool {
  const count = measuredCount(found);
  for (let index = 0; index < count; index += 1) {
    const place = measuredPlace(found, index);
    const type = typeOf(place);
    if (type == OTHER_NUMBER && (place != durationOf(found) || measuresDurations())) return false;
    if (type == TEXT && maySpellNumber(place)) return false;
  }
  return true;
}

/** Whether a text begins with a digit, or with an escape that may stand for one. */
function maySpellNumber(place: i32): bool {
  const byte: u32 = load<u8>(startOf(place));
  return isDigit(byte) || byte == BACKSLASH;
}

/** The integer at a place; NaN where there is none. */
export function integerAt(place: i32): f64 {
  return place >= 0 && typeOf(place) == INTEGER ? numberAt(place) : NaN;
}

/** The bytes of a record, those of both places where there are two; NaN where there are none. */
export function bytesAt(found: usize): f64 {
  const bytes = integerAt(bytesOf(found));
  const added = integerAt(addedBytesOf(found));
  if (isNaN(added)) return bytes;
  return isNaN(bytes) ? added : bytes + added;
}

/** Unix ms; NaN where the record has no time; Infinity where that is to be found out the plain way. */
export function timeAt(found: usize): f64 {
  const at = plainTimeAt(found);
  return isNaN(at) && hasOtherTimes(found) ? Infinity : at;
}

function plainTimeAt(found: usize): f64 {
  const place = timeOf(found);
  const type = place < 0 ? 0 : typeOf(place);
  if (type == OTHER_NUMBER) return isUnix(found) ? secondsAt(startOf(place), endOf(place)) : NaN;
  if (type == INTEGER && isUnix(found)) return unixMs(numberAt(place));
  if (type != TEXT) return NaN;
  const start = startOf(place);
  const end = endOf(place);
  let at = instantAt(start, end);
  if (isNaN(at) && isUnix(found)) at = unixMs(digitsAt(start, end));
  return isNaN(at) ? Infinity : at;
}

/** Below these the microseconds are whole numbers that a double holds with a half to spare: until the year 2096. */
const EXACT_SECONDS: f64 = 4e9;

/**
 * Unix ms of seconds with a fraction, as `1746900001.456`, rounded as parseUnix of src/core/time.ts rounds; Infinity for any other number.
 * Both halves of the division are exact, so that it is the double nearest to what is written.
 */
function secondsAt(start: usize, end: usize): f64 {
  let value: f64 = 0;
  let scale: f64 = 1;
  let digits = 0;
  let isBehindPoint = false;
  for (let at = start; at < end; at += 1) {
    const byte: u32 = load<u8>(at);
    if (byte == 0x2e) {
      isBehindPoint = true;
    } else if (isDigit(byte)) {
      value = value * 10 + (byte - 0x30);
      if (isBehindPoint) scale *= 10;
      digits += 1;
    } else return Infinity;
  }
  if (<usize>digits > EXACT_DIGITS) return Infinity;
  const seconds = value / scale;
  if (seconds >= EXACT_SECONDS) return Infinity;
  const ms = seconds * 1e3;
  return Math.floor(Math.floor(ms * 1e3 + 0.5) / 1e3);
}

/** The integer that a text spells in digits; NaN for any other text, and for more digits than are exact. */
function digitsAt(start: usize, end: usize): f64 {
  if (start == end || end - start > EXACT_DIGITS) return NaN;
  let value: u64 = 0;
  for (let at = start; at < end; at += 1) {
    const byte: u32 = load<u8>(at);
    if (!isDigit(byte)) return NaN;
    value = value * 10 + (byte - 0x30);
  }
  return <f64>value;
}

/** Of a unix time of up to 15 digits in seconds, ms or µs: its size tells which, as in parseUnix of src/core/time.ts. */
function unixMs(count: f64): f64 {
  if (count >= 1e14) return Math.floor(count / 1e3);
  return count >= 1e11 ? count : count * 1e3;
}
