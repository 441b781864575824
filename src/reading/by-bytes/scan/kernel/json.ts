import { isDigit, skipText } from './text';

/*
 * Walks over JSON values (RFC 8259) without decoding them. Each function takes where a value begins and returns where it ends.
 * It returns 0 where the text is no such value, or one too rare to support; the line is then decoded. A line feed, which no JSON
 * token holds, ends every walk.
 */

/** Containers nested deeper than this are left to the plain way. */
const DEEPEST: i32 = 16;

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const MINUS: u32 = 0x2d;
const COLON: u32 = 0x3a;
const OPEN_LIST: u32 = 0x5b;
const CLOSE_LIST: u32 = 0x5d;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;

/** `true`, `false`, `null`: their bytes as little-endian words. */
const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const NULL: u32 = 0x6c6c756e;

export function isNested(byte: u32): bool {
  return byte == OPEN || byte == OPEN_LIST;
}

/** `true`, `false` or `null`. */
export function skipLiteral(start: usize): usize {
  const word = load<u32>(start);
  if (word == TRUE || word == NULL) return start + 4;
  return word == FALS && load<u8>(start + 4) == 0x65 ? start + 5 : 0;
}

/** Any number. */
export function skipNumber(start: usize): usize {
  let at = load<u8>(start) == MINUS ? start + 1 : start;
  const whole = skipDigits(at);
  if (whole == at || (load<u8>(at) == 0x30 && whole > at + 1)) return 0;
  at = whole;
  if (load<u8>(at) == 0x2e) {
    const fraction = skipDigits(at + 1);
    if (fraction == at + 1) return 0;
    at = fraction;
  }
  if ((load<u8>(at) | 0x20) != 0x65) return at;
  const sign = load<u8>(at + 1);
  at += sign == MINUS || sign == 0x2b ? 2 : 1;
  const exponent = skipDigits(at);
  return exponent == at ? 0 : exponent;
}

function skipDigits(start: usize): usize {
  let at = start;
  while (isDigit(load<u8>(at))) at += 1;
  return at;
}

/** An object or a list. */
export function skipNested(start: usize, depth: i32 = 1): usize {
  if (depth > DEEPEST) return 0;
  const isObject = load<u8>(start) == OPEN;
  const close = isObject ? CLOSE : CLOSE_LIST;
  let at = skipBlanks(start + 1);
  if (load<u8>(at) == close) return at + 1;
  while (true) {
    if (isObject) at = skipKey(at);
    if (at != 0) at = skipValue(at, depth);
    if (at == 0) return 0;
    at = skipBlanks(at);
    const byte: u32 = load<u8>(at);
    if (byte == close) return at + 1;
    if (byte != COMMA) return 0;
    at = skipBlanks(at + 1);
  }
}

/** From a key's opening quote to the value. */
function skipKey(start: usize): usize {
  if (load<u8>(start) != QUOTE) return 0;
  const quote = skipText(start + 1);
  if (quote == 0) return 0;
  const colon = skipBlanks(quote + 1);
  return load<u8>(colon) == COLON ? skipBlanks(colon + 1) : 0;
}

function skipValue(start: usize, depth: i32): usize {
  const byte: u32 = load<u8>(start);
  if (byte == QUOTE) {
    const quote = skipText(start + 1);
    return quote == 0 ? 0 : quote + 1;
  }
  if (isNested(byte)) return skipNested(start, depth + 1);
  return byte == MINUS || isDigit(byte) ? skipNumber(start) : skipLiteral(start);
}

/** Blanks within a line. */
export function skipBlanks(start: usize): usize {
  let at = start;
  while (load<u8>(at) == 0x20 || load<u8>(at) == 0x09) at += 1;
  return at;
}
