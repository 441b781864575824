import { idOf, measuredCount, measuredPlace, partsOf, shapeOf } from './layout';
import { isDigit } from './text';
import { endOf, isNamed, typeOf, MISSING, startOf, TEXT } from './values';

/** The longest values that are compared, all of one part together; a record with longer ones is left to the plain way. */
const MAX_BYTES: usize = 16 * 1_024;

/** The bytes that tell the values of a part apart: words of 8 bytes. */
export const ROW = memory.data(16_384, 16);
/** 16 bytes that are set, then 16 that are not. */
const MASKS = memory.data<u64>([~0, ~0, 0, 0]);

/** Stands above the place of a value that is compared without its port. */
const WITHOUT_PORT: i32 = 64;

/** Where in the row, and in the layout's words, the writing is. */
let to: usize = 0;
let from: usize = 0;

/** From now on `fillNextPart` writes the parts of this layout, the ruling first. */
export function beginParts(layout: usize): void {
  from = partsOf(layout);
}

/**
 * Writes what makes up the value of the next part: the same in every layout of a shape, but that a ruling also depends on the keys that
 * there are. Returns the row's bytes, or 0 for too many.
 */
export function fillNextPart(layout: usize, isRuling: bool): u32 {
  to = ROW;
  store<u64>(to, <u64>shapeOf(layout));
  to += 8;
  if (isRuling) writeRecord(layout);
  return writePart() ? <u32>(to - ROW) : 0;
}

/** Which keys there are, and what the measured ones hold. */
function writeRecord(layout: usize): void {
  let types: u64 = 0;
  const count = measuredCount(layout);
  for (let index = 0; index < count; index += 1) types = (types << 8) | typeOf(measuredPlace(layout, index));
  store<u64>(to, (types << 32) | (<u64>idOf(layout)));
  to += 8;
}

/** Writes the values of the part that `from` describes and goes on to the next; false for too many bytes. */
function writePart(): bool {
  const count = nextWord();
  for (let index = 0; index < count; index += 1) {
    const word = nextWord();
    const place = word < 0 ? word : word & (WITHOUT_PORT - 1);
    if (!countsNext(place)) writeHead(MISSING, 0);
    else if (!writeValue(place, word >= WITHOUT_PORT)) return false;
  }
  return true;
}

/** Where a text ends without `:` and digits behind its only colon; its end where it has more colons, or an escape that may be one. */
function hostEnd(start: usize, end: usize): usize {
  let colon = end;
  while (colon > start && isDigit(load<u8>(colon - 1))) colon -= 1;
  colon -= 1;
  if (colon <= start || load<u8>(colon) != 0x3a) return end;
  for (let at = start; at < colon; at += 1) {
    const byte: u32 = load<u8>(at);
    if (byte == 0x3a || byte == 0x5c) return end;
  }
  return colon;
}

function nextWord(): i32 {
  const word = load<i32>(from);
  from += 4;
  return word;
}

/** Whether a value counts: it is there, and no other that it only stands in for is. */
function countsNext(place: i32): bool {
  const others = nextWord();
  let counts = place >= 0;
  for (let index = 0; index < others; index += 1) {
    const other = nextWord();
    if (isNamed(other)) counts = false;
  }
  return counts;
}

function writeHead(type: u8, length: usize): void {
  store<u64>(to, ((<u64>length) << 8) | type);
  to += 8;
}

/** The value's type and length, then its bytes, 16 at a time; what is behind them in the last word is nought. */
function writeValue(place: i32, isWithoutPort: bool): bool {
  let at = startOf(place);
  const end = isWithoutPort && typeOf(place) == TEXT ? hostEnd(at, endOf(place)) : endOf(place);
  const length = end - at;
  if (to + length + 64 > ROW + MAX_BYTES) return false;
  writeHead(typeOf(place), length);
  let rest = length;
  for (; rest > 16; rest -= 16, at += 16, to += 16) v128.store(to, v128.load(at));
  v128.store(to, v128.and(v128.load(at), v128.load(MASKS + 16 - rest)));
  to += (rest + 7) & ~7;
  return true;
}
