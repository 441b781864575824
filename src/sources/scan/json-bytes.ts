/*
 * Walks over JSON values (RFC 8259) in bytes without making anything of them. Each function takes where a value begins and returns
 * where it ends, or -1 where the text is none or is not worth the trouble: the caller then reads the line the plain way. The bytes
 * must end in a line feed, which no JSON token holds, so that no walk runs past their end.
 */

/** Bytes of a log, also to be read as words of 32 bits: AFTER_LINE bytes must stand behind the last line feed. */
export interface LogBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export const AFTER_LINE = 4;

export const logBytes = (bytes: Uint8Array): LogBytes => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
});

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Containers nested deeper than this are left to the plain way. */
const DEEPEST = 16;

/** From the byte after the opening quote to the closing one. */
export function skipText({ bytes, view }: LogBytes, start: number): number {
  let at = start;
  for (;;) {
    let marks = marksIn(view.getInt32(at, true));
    while (marks === 0) marks = marksIn(view.getInt32((at += 4), true));
    at += (31 - Math.clz32(marks & -marks)) >> 3;
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte !== BACKSLASH) return -1;
    at = skipEscape(bytes, at + 1);
    if (at < 0) return -1;
  }
}

/**
 * The high bits of those bytes in a word that are a quote, a backslash or a control character; beyond the lowest of them others may be
 * marked too (Warren, Hacker's Delight §6-1). A quote ^ 2 is 0x20, and what is below 0x20 remains so. Half the time of byte by byte.
 */
function marksIn(word: number): number {
  const below = word ^ 0x02020202;
  const slash = word ^ 0x5c5c5c5c;
  return (((below - 0x21212121) & ~below) | ((slash - 0x01010101) & ~slash)) & 0x80808080;
}

function skipEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(bytes[at] ?? 0)) ? at + 1 : -1;
  for (let digit = 1; digit <= 4; digit += 1) if (!isHexDigit(bytes[at + digit] ?? 0)) return -1;
  return at + 5;
}

const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39;

/** Any number. */
export function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  const whole = skipDigits(bytes, at);
  if (whole === at || (bytes[at] === ZERO && whole > at + 1)) return -1;
  at = whole;
  if (bytes[at] === 0x2e) {
    const fraction = skipDigits(bytes, at + 1);
    if (fraction === at + 1) return -1;
    at = fraction;
  }
  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
  at += bytes[at + 1] === MINUS || bytes[at + 1] === 0x2b ? 2 : 1;
  const exponent = skipDigits(bytes, at);
  return exponent === at ? -1 : exponent;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

const LITERALS = ['true', 'false', 'null'].map(word => new TextEncoder().encode(word));

/** `true`, `false` or `null`. */
export function skipLiteral(bytes: Uint8Array, start: number): number {
  for (const word of LITERALS) if (standsAt(bytes, start, word)) return start + word.length;
  return -1;
}

/** Whether the bytes `wanted` stand there. */
function standsAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  const { length } = wanted;
  for (let index = 0; index < length; index += 1) if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

/** An object or a list. */
export function skipNested(log: LogBytes, start: number, depth = 1): number {
  if (depth > DEEPEST) return -1;
  const { bytes } = log;
  const isObject = bytes[start] === OPEN;
  const close = isObject ? CLOSE : 0x5d;
  let at = skipBlanks(bytes, start + 1);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    if (isObject) at = skipKey(log, at);
    if (at >= 0) at = skipValue(log, at, depth);
    if (at < 0) return -1;
    at = skipBlanks(bytes, at);
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = skipBlanks(bytes, at + 1);
  }
}

/** From a key's opening quote to the value. */
function skipKey(log: LogBytes, start: number): number {
  const { bytes } = log;
  if (bytes[start] !== QUOTE) return -1;
  const quote = skipText(log, start + 1);
  if (quote < 0) return -1;
  const colon = skipBlanks(bytes, quote + 1);
  return bytes[colon] === 0x3a ? skipBlanks(bytes, colon + 1) : -1;
}

function skipValue(log: LogBytes, start: number, depth: number): number {
  const { bytes } = log;
  const byte = bytes[start] ?? 0;
  if (byte === QUOTE) {
    const quote = skipText(log, start + 1);
    return quote < 0 ? -1 : quote + 1;
  }
  if (byte === OPEN || byte === 0x5b) return skipNested(log, start, depth + 1);
  return byte === MINUS || isDigit(byte) ? skipNumber(bytes, start) : skipLiteral(bytes, start);
}

/** Blanks within a line. */
export function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return at;
}
