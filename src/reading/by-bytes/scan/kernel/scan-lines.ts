/*
 * Reads lines of a log by their bytes, as far as counting needs it: a WebAssembly module, in AssemblyScript, for its 16 bytes at a time.
 * src/reading/by-bytes/scan/line-scanner.ts is its only user; src/reading/by-bytes/README.md explains it.
 */
import { instantAt } from './instant';
import { bytesOf, durationOf, isUnix, measuredCount, measuredPlace, statusOf, timeOf } from './layout';
import { clearNames, newNames, numberOf, Names } from './names';
import { fillPartRow, fillRow, ROW } from './row';
import { addStep, Junction, newJunction, root, stepAt } from './steps';
import { isDigit } from './text';
import {
  EXACT_DIGITS,
  endOf,
  INTEGER,
  typeOf,
  numberAt,
  OTHER_NUMBER,
  readValue,
  startOf,
  TEXT,
} from './values';

export { seedNames } from './names';

/** Bytes that are scanned at once; some behind them may be read. */
export const CAPACITY: i32 = 1_048_576;
const SLACK: i32 = 64;
const BACKSLASH: u32 = 0x5c;
export const LOG: usize = heap.alloc(CAPACITY + SLACK);

/** What is known of the lines of one scan: their kind, where they begin in the log, and their measures, NaN where there is none. */
export const MAX_LINES: i32 = 1_024;
export const KINDS = memory.data(1_024 * 4, 8);
export const BEGINNINGS = memory.data(1_024 * 4, 8);
export const TIMES = memory.data(1_024 * 8, 8);
export const BYTES = memory.data(1_024 * 8, 8);
export const DURATIONS = memory.data(1_024 * 8, 8);
export const STATUSES = memory.data(1_024 * 8, 8);

/** Where the line begins that follows those of the scan. */
export let next: usize = 0;
/** Where that line goes on as none did before; 0: it does not. */
export let fork: usize = 0;
export let forkAt: usize = 0;
/** The last line of the scan is the first of its kind. */
export let isNew: bool = false;

let lines: i32 = 0;
/** Of the line scanned last. */
let layout: usize = 0;
const kinds = newNames();
const PART_NAMES = memory.data(4 * 4, 4);
for (let part = 0; part < 4; part += 1) store<usize>(PART_NAMES + (part << 2), changetype<usize>(newNames()));

export function rootJunction(): Junction {
  return root;
}

/**
 * Scans lines until `end`, where one must have ended. Stops earlier at MAX_LINES, behind a line of a new kind, and before a line that
 * cannot be scanned. Returns how many were scanned.
 */
export function scan(from: usize, end: usize): i32 {
  lines = 0;
  isNew = false;
  next = from;
  while (next < end && lines < MAX_LINES && !isNew) {
    const behind = scanLine(next);
    if (behind == 0) break;
    next = behind;
  }
  return lines;
}

/** Returns where the line after it begins; 0 where it is to be read the plain way. */
function scanLine(start: usize): usize {
  let junction = root;
  let at = start;
  let place = 0;
  fork = 0;
  while (true) {
    const step = stepAt(junction, at);
    if (step == null) {
      fork = changetype<usize>(junction);
      forkAt = at;
      return 0;
    }
    at += step.length;
    const further = step.next;
    if (further == null) return countLine(step.layout, start) ? at : 0;
    at = readValue(at, place++);
    if (at == 0) return 0;
    junction = further;
  }
}

/** Notes what is known of a line, whose values were read; false where that is not all. */
function countLine(found: usize, start: usize): bool {
  if (found == 0 || !isMeasured(found)) return false;
  const time = timeAt(found);
  const row = time == Infinity ? 0 : fillRow(found);
  if (row == 0) return false;
  const known = kinds.count;
  const kind = numberOf(kinds, ROW, row);
  isNew = kind == known;
  layout = found;
  store<u32>(KINDS + (lines << 2), kind);
  store<u32>(BEGINNINGS + (lines << 2), <u32>(start - LOG));
  store<f64>(TIMES + (lines << 3), time);
  store<f64>(BYTES + (lines << 3), integerAt(bytesOf(found)));
  store<f64>(DURATIONS + (lines << 3), integerAt(durationOf(found)));
  store<f64>(STATUSES + (lines << 3), integerAt(statusOf(found)));
  lines += 1;
  return true;
}

/** Whether every measure is a plain one, or none: a text that may spell a number is left to the decoder. */
function isMeasured(found: usize): bool {
  const count = measuredCount(found);
  for (let index = 0; index < count; index += 1) {
    const place = measuredPlace(found, index);
    const type = typeOf(place);
    if (type == OTHER_NUMBER || (type == TEXT && maySpellNumber(place))) return false;
  }
  return true;
}

/** Whether a text begins with a digit, or with an escape that may stand for one. */
function maySpellNumber(place: i32): bool {
  const byte: u32 = load<u8>(startOf(place));
  return isDigit(byte) || byte == BACKSLASH;
}

function integerAt(place: i32): f64 {
  return place >= 0 && typeOf(place) == INTEGER ? numberAt(place) : NaN;
}

/** Unix ms; NaN where the record has no time; Infinity where that is to be found out the plain way. */
function timeAt(found: usize): f64 {
  const place = timeOf(found);
  const type = place < 0 ? 0 : typeOf(place);
  if (type == OTHER_NUMBER) return isUnix(found) ? Infinity : NaN;
  if (type == INTEGER && isUnix(found)) return unixMs(numberAt(place));
  if (type != TEXT) return NaN;
  const start = startOf(place);
  const end = endOf(place);
  let at = instantAt(start, end);
  if (isNaN(at) && isUnix(found)) at = unixMs(digitsAt(start, end));
  return isNaN(at) ? Infinity : at;
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

/** Of the line scanned last: the number of a part's value; values are numbered from 0 as they come. */
export function partNumber(part: i32): u32 {
  return numberOf(namesOf(part), ROW, fillPartRow(layout, part));
}

function namesOf(part: i32): Names {
  return changetype<Names>(load<usize>(PART_NAMES + (part << 2)));
}

/** The words that describe the layout of the line scanned last. */
export function lastLayout(): usize {
  return layout;
}

/** Forgets the kinds; their numbers start at 0 again. */
export function forgetKinds(): void {
  clearNames(kinds);
}

/** Forgets the values of parts. */
export function forgetParts(): void {
  for (let part = 0; part < 4; part += 1) clearNames(namesOf(part));
}

/** Learns that a value can follow at a junction, behind `length` bytes at `at`; returns the junction behind it. */
export function learnKey(junction: usize, at: usize, length: u32): Junction {
  const step = addStep(changetype<Junction>(junction), at, length);
  const further = newJunction();
  step.next = further;
  return further;
}

/** Learns that a record can end at a junction; `words` describe it, 0: no shape does. */
export function learnEnd(junction: usize, at: usize, length: u32, words: usize): void {
  addStep(changetype<Junction>(junction), at, length).layout = words;
}

/** Room for the words that describe a layout. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}
