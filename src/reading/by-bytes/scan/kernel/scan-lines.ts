/*
 * Reads lines of a log by their bytes, as far as counting needs it: a WebAssembly module, in AssemblyScript, for its 16 bytes at a time.
 * src/reading/by-bytes/scan/line-scanner.ts is its only user; src/reading/by-bytes/README.md explains it.
 */
import { durationOf, statusOf } from './layout';
import {
  isKnownSet,
  isMetAgain,
  layoutOfSet,
  lowerKeys,
  readKeys,
  tellPlace,
  tellSet,
  unknownKey,
  unknownKeyBytes,
  upperKeys,
} from './any-order';
import { bytesAt, integerAt, isMeasured, timeAt } from './measures';
import { clearNames, flagsOf, keptRow, Names, newNames, numberOf, setFlags } from './names';
import { beginParts, fillNextPart, ROW } from './row';
import { addStep, Junction, newJunction, root, stepAt } from './steps';
import { clearGroups } from './groups';
import { BYTES, drain, DURATION, nextEntry, STATUS, takeEntry, TIME } from './queue';
import { clearSketches, measuresDurations } from './sketches';
import { addSecond, clearSeconds, hasSeconds } from './seconds';
import { readValue } from './values';
import { isWithin, passBy } from './window';

export { addDecoded, beginOlderBlock, DECODED_EVENT } from './add-up';
export { lowerKeys, tellPlace, tellSet, unknownKey, unknownKeyBytes, upperKeys };
export { seedNames } from './names';
export { groupCount, limitGroups, packBlock } from './groups';
export { addBound, SHEETS } from './sketches';
export { MAX_SECONDS, SECONDS, secondCount } from './seconds';
export { forgetPassed, passedDecisions, passedRecords, passedUntimed, setWindow } from './window';

/** Bytes that are scanned at once; some behind them may be read. */
export const CAPACITY: i32 = 1_048_576;
const SLACK: i32 = 64;
export const LOG: usize = heap.alloc(CAPACITY + SLACK);

/** Why a scan ended, as src/reading/by-bytes/scan/line-scanner.ts names it. */
const ENDED: i32 = 0;
const UNSURE: i32 = 1;
const NEW: i32 = 2;
const FULL: i32 = 3;
const KEY: i32 = 4;
const KEYS: i32 = 5;

/** Facts of a part's value: flags of src/reading/by-bytes/scan/line-scanner.ts, and the verdict's number above. */
const DECODED: u32 = 2;
const HAS_BYTES: u32 = 4;
const HAS_DURATION: u32 = 8;
const HAS_STATUS: u32 = 16;
const VERDICT_SHIFT: u32 = 8;

/** Rows of part values that are kept: what has more is forgotten and met again. */
const MAX_VALUES: u32 = 327_680;
const MAX_VALUE_BYTES: u32 = 32 * 1_048_576;

const PARTS: i32 = 4;
const RULING: i32 = 0;

/** Where the line begins at which the scan ended. */
export let next: usize = 0;
/** Where that line goes on as none did before; 0: it does not. */
export let fork: usize = 0;
export let forkAt: usize = 0;
/** Whether there is room to learn more of them. */
let learns: bool = true;
/** How many lines were counted. */
export let lines: i32 = 0;

/** Of the line at which the scan ended. */
let layout: usize = 0;
let time: f64 = 0;
/** Where the values of its parts are kept. */
const KEPT = memory.data(4 * 4, 4);
const PART_NAMES = memory.data(4 * 4, 4);
for (let part = 0; part < PARTS; part += 1)
  store<usize>(PART_NAMES + (part << 2), changetype<usize>(newNames()));

/** Decisions up to this unix time in ms are charted. */
let chartedUntil: f64 = -Infinity;

export function rootJunction(): Junction {
  return root;
}

export function chartUntil(ms: f64): void {
  chartedUntil = ms;
}

/**
 * Counts lines until `end`, where one must have ended. It ends earlier at a line that is to be read the plain way, at a value that
 * it was not told of yet, and where its memory is full. Then the line at `next` is not counted.
 */
export function scan(from: usize, end: usize): i32 {
  lines = 0;
  next = from;
  let why = ENDED;
  while (next < end) {
    why = scanLine(next);
    if (why != ENDED) break;
    lines += 1;
  }
  drain();
  return why;
}

/** Counts a line and sets `next` behind it, or tells why not. */
function scanLine(start: usize): i32 {
  let junction = root;
  let at = start;
  let place = 0;
  fork = 0;
  while (true) {
    const step = stepAt(junction, at);
    if (step == null) {
      fork = changetype<usize>(junction);
      forkAt = at;
      return scanAnyOrder(start);
    }
    at += step.length;
    const further = step.next;
    if (further == null) {
      const why = step.layout == 0 ? UNSURE : countLine(step.layout);
      if (why == ENDED) next = at;
      return why;
    }
    at = readValue(at, place++);
    if (at == 0) return UNSURE;
    junction = further;
  }
}

/** The same of a line that goes on at `fork` as none did before. An order of keys that is met again is to be learnt there. */
function scanAnyOrder(start: usize): i32 {
  const end = readKeys(start);
  if (end == 0) return unknownKey == 0 ? UNSURE : KEY;
  if (!isKnownSet()) return KEYS;
  const words = layoutOfSet();
  if (words == 0 || (learns && isMetAgain())) return UNSURE;
  fork = 0;
  const why = countLine(words);
  if (why == ENDED) next = end;
  return why;
}

/** Counts a line, whose values were read, or tells why not. */
function countLine(found: usize): i32 {
  if (!isMeasured(found)) return UNSURE;
  time = timeAt(found);
  if (time == Infinity) return UNSURE;
  layout = found;
  beginParts(found);
  let isKnown = true;
  for (let part = 0; part < PARTS; part += 1) {
    const bytes = fillNextPart(found, part == RULING);
    if (bytes == 0) return unsure();
    const kept = keptRow(namesOf(part), ROW, bytes);
    store<usize>(KEPT + (part << 2), kept);
    const flags = flagsOf(kept);
    if ((flags & DECODED) != 0) return unsure();
    if (flags == 0) isKnown = false;
  }
  if (!isKnown) return isRoomForValues() ? NEW : FULL;
  if (isWithin(time)) return addRecord(found);
  passBy(time, flagsOf(load<usize>(KEPT)) >> VERDICT_SHIFT != 0);
  return ENDED;
}

/** Of a line of which some values may have been kept. */
function unsure(): i32 {
  return isRoomForValues() ? UNSURE : FULL;
}

function addRecord(found: usize): i32 {
  if (!hasSeconds()) return FULL;
  const flags = flagsOf(load<usize>(KEPT));
  const entry = nextEntry(pairOf(0, 1), pairOf(2, 3));
  const hasDuration = (flags & HAS_DURATION) != 0 && measuresDurations();
  store<f64>(entry, time, TIME);
  store<f64>(entry, (flags & HAS_BYTES) != 0 ? bytesAt(found) : NaN, BYTES);
  store<f64>(entry, (flags & HAS_STATUS) != 0 ? integerAt(statusOf(found)) : NaN, STATUS);
  store<f64>(entry, hasDuration ? integerAt(durationOf(found)) : NaN, DURATION);
  if (!takeEntry()) return FULL;
  const verdict = flags >> VERDICT_SHIFT;
  if (verdict != 0 && time <= chartedUntil) addSecond(time, verdict);
  return ENDED;
}

function pairOf(lower: i32, upper: i32): u64 {
  return ((<u64>partNumber(upper)) << 32) | partNumber(lower);
}

function isRoomForValues(): bool {
  let count: u32 = 0;
  let bytes: u32 = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const names = namesOf(part);
    count += names.count;
    bytes += names.usedBytes;
  }
  return count <= MAX_VALUES && bytes <= MAX_VALUE_BYTES;
}

/** Of the line at which the scan ended: the number of a part's value. Values are numbered from 0 as they come. */
export function partNumber(part: i32): u32 {
  return numberOf(load<usize>(KEPT + (part << 2)));
}

/** Of the same line: what is known of a part's value. */
export function partFlags(part: i32): u32 {
  return flagsOf(load<usize>(KEPT + (part << 2)));
}

/** Tells what is known of a part's value of the same line. */
export function setPartFlags(part: i32, flags: u32): void {
  setFlags(load<usize>(KEPT + (part << 2)), flags);
}

function namesOf(part: i32): Names {
  return changetype<Names>(load<usize>(PART_NAMES + (part << 2)));
}

/** The words that describe the layout of the same line. */
export function lastLayout(): usize {
  return layout;
}

/** Its time in unix ms; NaN where it has none. */
export function lastTime(): f64 {
  return time;
}

/** Its bytes, its duration and its status; NaN where it has none. */
export function lastMeasure(which: i32): f64 {
  if (which == 0) return bytesAt(layout);
  return integerAt(which == 1 ? durationOf(layout) : statusOf(layout));
}

/** Forgets the groups, which were taken. */
export function forgetGroups(): void {
  clearGroups();
  clearSketches();
}

/** Forgets the seconds, which were taken. */
export function forgetSeconds(): void {
  clearSeconds();
}

/** Forgets the values of parts; their numbers start at 0 again. */
export function forgetParts(): void {
  for (let part = 0; part < PARTS; part += 1) clearNames(namesOf(part));
}

/** Whether so many values of parts are kept that they are better forgotten. */
export function isFullOfValues(): bool {
  return !isRoomForValues();
}

/** From now on no further way on is learnt. */
export function stopLearning(): void {
  learns = false;
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
