/** Texts of JSON (RFC 8259 §7), 16 bytes at a time: the bytes must be followed by 16 others, and a line feed must stand before them. */

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** From the byte after the opening quote to the closing one; 0 where the text is none. */
export function skipText(start: usize): usize {
  let at = start;
  while (true) {
    const marks = marksIn(v128.load(at));
    if (marks == 0) {
      at += 16;
      continue;
    }
    at += ctz(marks);
    const byte: u32 = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH) return 0;
    at = skipEscape(at + 1);
    if (at == 0) return 0;
  }
}

/** Bits of the bytes that are a quote, a backslash or a control character. */
function marksIn(block: v128): i32 {
  const quotes = i8x16.eq(block, i8x16.splat(<i8>QUOTE));
  const slashes = i8x16.eq(block, i8x16.splat(<i8>BACKSLASH));
  const controls = i8x16.lt_u(block, i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(v128.or(quotes, slashes), controls));
}

/** Behind an escape, of which the backslash is passed; 0 where it is none. */
function skipEscape(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: // u
      for (let digit: usize = 1; digit <= 4; digit += 1) if (!isHexDigit(load<u8>(at + digit))) return 0;
      return at + 5;
    default:
      return 0;
  }
}

function isHexDigit(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}
