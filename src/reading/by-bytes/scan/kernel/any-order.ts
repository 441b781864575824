import { flagsOf, keptRow, newNames, setFlags } from './names';
import { skipBlanks } from './json';
import { readValue } from './values';

/*
 * Records whose keys stand in an order, or with blanks, that was not learnt. They are read key by key: each key has a place of its own,
 * whatever stands before it, and the set of keys says how the record is read.
 */

const LF: u32 = 0x0a;
const CR: u32 = 0x0d;
const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;

/** Keys that are looked up; a longer one is in no shape. */
const LONGEST_KEY: usize = 64;
/** From so many different keys on, more than any writer has, all are left to the plain way. */
const MAX_KEYS: u32 = 1_024;
/** A key is unknown, or has a place, counted from 1, or leaves its records to the plain way. */
const UNKNOWN: u32 = 0;
const PLAIN: u32 = 255;

const keys = newNames();
const ROW = memory.data(96, 16);
const MASKS = memory.data<u64>([~0, ~0, 0, 0]);

/** The key that is to be told of before the line can be read; 0: none. */
export let unknownKey: usize = 0;
export let unknownKeyBytes: usize = 0;
let unknownRow: usize = 0;
/** The keys of the record that was read, a bit for each place. */
let keySet: u64 = 0;
/** Tells orders of keys apart, and the blanks between them. */
let order: u32 = 0;

/** Reads a whole line and returns where the next one begins; 0 where it is no such record, or has a key that is unknown. */
export function readKeys(start: usize): usize {
  unknownKey = 0;
  keySet = 0;
  order = 0;
  if (load<u8>(start) != OPEN || keys.count > MAX_KEYS) return 0;
  let at = skipBlanks(start + 1);
  while (true) {
    const key = at + 1;
    const quote = load<u8>(at) == QUOTE ? keyEnd(key) : 0;
    if (quote == 0) return 0;
    at = skipBlanks(quote + 1);
    if (load<u8>(at) != COLON) return 0;
    at = skipBlanks(at + 1);
    const place = placeOf(key, quote - key);
    if (place < 0) return 0;
    const bit = (<u64>1) << place;
    if ((keySet & bit) != 0) return 0;
    keySet |= bit;
    order = (order ^ (((<u32>place) << 16) | (<u32>(at - key)))) * 0x9e3779b1;
    at = readValue(at, place);
    if (at == 0) return 0;
    at = skipBlanks(at);
    const byte: u32 = load<u8>(at);
    if (byte == CLOSE) return lineAfter(at + 1);
    if (byte != COMMA) return 0;
    at = skipBlanks(at + 1);
  }
}

/** Behind the end of a line, which must stand there; 0 where it does not. */
function lineAfter(at: usize): usize {
  const end = load<u8>(at) == CR ? at + 1 : at;
  return load<u8>(end) == LF ? end + 1 : 0;
}

/** The closing quote of a key without escapes; 0 where there is none near. */
function keyEnd(start: usize): usize {
  for (let at = start; at <= start + LONGEST_KEY; at += 1) {
    const byte: u32 = load<u8>(at);
    if (byte == QUOTE) return at;
    if (byte == BACKSLASH || byte < 0x20) return 0;
  }
  return 0;
}

/** A key's place; negative where records with it are left to the plain way, or it is to be told of first. */
function placeOf(key: usize, bytes: usize): i32 {
  store<u64>(ROW, <u64>bytes);
  let to = ROW + 8;
  let at = key;
  let rest = bytes;
  for (; rest > 16; rest -= 16, at += 16, to += 16) v128.store(to, v128.load(at));
  v128.store(to, v128.and(v128.load(at), v128.load(MASKS + 16 - rest)));
  to += (rest + 7) & ~7;
  const kept = keptRow(keys, ROW, <u32>(to - ROW));
  const known = flagsOf(kept);
  if (known != UNKNOWN) return known == PLAIN ? -1 : <i32>known - 1;
  unknownKey = key;
  unknownKeyBytes = bytes;
  unknownRow = kept;
  return -1;
}

/** Tells the place of the unknown key, counted from 1, or that records with it are left to the plain way. */
export function tellPlace(place: u32): void {
  setFlags(unknownRow, place == 0 ? PLAIN : place);
}

/** Orders that were met once. */
const MET = memory.data(256 * 4, 4);

/** Whether the order of the last record's keys was met before, or likely so: a writer's own order is worth learning. */
export function isMetAgain(): bool {
  const slot = MET + ((order >> 24) << 2);
  if (load<u32>(slot) == order) return true;
  store<u32>(slot, order);
  return false;
}

/** Words that describe a layout, by the set of keys, with open addressing; half of the slots stay free. */
const MAX_SETS: u32 = 256;
const SET_SLOTS: u32 = 2 * MAX_SETS;
const SETS = memory.data(16 * 512, 8);
let sets: u32 = 0;

function slotOf(set: u64): usize {
  let slot = (<u32>((set * 0xff51afd7ed558ccd) >> 40)) & (SET_SLOTS - 1);
  while (true) {
    const at = SETS + (slot << 4);
    const found = load<u64>(at);
    if (found == 0 || found == set) return at;
    slot = (slot + 1) & (SET_SLOTS - 1);
  }
}

/** Whether the layout of the last record's keys is known, or there is no room to learn it. */
export function isKnownSet(): bool {
  return load<u64>(slotOf(keySet)) != 0 || sets == MAX_SETS;
}

/** The words of that layout; 0 where no shape has such records. */
export function layoutOfSet(): usize {
  return load<u32>(slotOf(keySet), 8);
}

/** Tells them. */
export function tellSet(words: usize): void {
  const at = slotOf(keySet);
  store<u64>(at, keySet);
  store<u32>(at, <u32>words, 8);
  sets += 1;
}

export function lowerKeys(): u32 {
  return <u32>keySet;
}

export function upperKeys(): u32 {
  return <u32>(keySet >> 32);
}
