import { isNested, skipLiteral, skipNested, skipNumber } from './json';
import { isDigit, skipText } from './text';

/** The kinds of a value. */
export const MISSING: u8 = 0;
export const TEXT: u8 = 1;
export const INTEGER: u8 = 2;
export const OTHER_NUMBER: u8 = 3;
const TRUE: u8 = 4;
const FALSE: u8 = 5;
const NULL: u8 = 6;
const NESTED: u8 = 7;

/** Digits of an integer that a double holds exactly, whichever they are. */
export const EXACT_DIGITS: usize = 15;

/** Of the record scanned last: each value's type, start and end, by its place (0–63). A text's are those between its quotes. */
const TYPES = memory.data(64);
const STARTS = memory.data(64 * 4, 4);
const ENDS = memory.data(64 * 4, 4);
/** Of integers only. */
const NUMBERS = memory.data(64 * 8, 8);

export function typeOf(place: i32): u8 {
  return load<u8>(TYPES + place);
}

export function startOf(place: i32): usize {
  return load<u32>(STARTS + (place << 2));
}

export function endOf(place: i32): usize {
  return load<u32>(ENDS + (place << 2));
}

export function numberAt(place: i32): f64 {
  return load<f64>(NUMBERS + (place << 3));
}

function note(place: i32, type: u8, start: usize, end: usize): usize {
  store<u8>(TYPES + place, type);
  store<u32>(STARTS + (place << 2), <u32>start);
  store<u32>(ENDS + (place << 2), <u32>end);
  return end;
}

/** Takes note of the value that begins at `start`; returns where it ends, or 0. */
export function readValue(start: usize, place: i32): usize {
  const byte: u32 = load<u8>(start);
  if (byte == 0x22) {
    const quote = skipText(start + 1);
    note(place, TEXT, start + 1, quote);
    return quote == 0 ? 0 : quote + 1;
  }
  if (isDigit(byte)) return readNumber(start, place);
  if (isNested(byte)) return note(place, NESTED, start, skipNested(start));
  const end = skipLiteral(start);
  if (end != 0) return note(place, byte == 0x74 ? TRUE : byte == 0x66 ? FALSE : NULL, start, end);
  return note(place, OTHER_NUMBER, start, skipNumber(start));
}

function readNumber(start: usize, place: i32): usize {
  let value: u64 = 0;
  let at = start;
  for (let byte: u32 = load<u8>(at); isDigit(byte); byte = load<u8>(++at)) value = value * 10 + (byte - 0x30);
  const after: u32 = load<u8>(at);
  const isWhole = after != 0x2e && (after | 0x20) != 0x65;
  const isPlain = at == start + 1 || load<u8>(start) != 0x30;
  if (!isWhole || !isPlain || at - start > EXACT_DIGITS)
    return note(place, OTHER_NUMBER, start, skipNumber(start));
  store<f64>(NUMBERS + (place << 3), <f64>value);
  return note(place, INTEGER, start, at);
}

/** Whether a text begins with a letter or digit. */
export function isNamed(place: i32): bool {
  const byte: u32 = load<u8>(startOf(place));
  return typeOf(place) == TEXT && (isDigit(byte) || (byte | 0x20) - 0x61 < 26);
}
