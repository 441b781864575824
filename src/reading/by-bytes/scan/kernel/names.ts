/**
 * A number for each row of bytes: the same bytes have the same number, counted from 0. Rows are whole words of 8 bytes. A hash only
 * finds the place; equality is of all bytes. Each row has flags, which are 0 until its user sets them.
 */
@unmanaged
export class Names {
  count: u32;
  capacity: u32;
  /** The hash, in 32 bits, and where the row is kept, with open addressing; 0 is free. Twice as many as the capacity. */
  slots: usize;
  /**
   * Rows are kept in blocks, so that none moves when there are more: of each its number, its length and its flags, then its bytes. What is
   * looked at together lies together. Each block begins with the place of the next one; 0: there is none.
   */
  firstBlock: usize;
  block: usize;
  /** Where the next row goes. */
  at: usize;
  usedBytes: u32;
}

const FIRST_CAPACITY: u32 = 512;
/** More than the longest row takes. */
const BLOCK_BYTES: usize = 64 * 1_024;
const BLOCK_HEAD: usize = 16;
const HEAD: u32 = 16;
/** Different in every process: who writes the log cannot look for rows that meet in one slot. */
export let seed: u64 = 0;

export function seedNames(value: u64): void {
  seed = value;
}

export function newNames(): Names {
  const names = changetype<Names>(heap.alloc(offsetof<Names>()));
  names.capacity = FIRST_CAPACITY;
  names.slots = heap.alloc(16 * FIRST_CAPACITY);
  names.firstBlock = newBlock();
  clearNames(names);
  return names;
}

/** Forgets all names, keeping the room they took. */
export function clearNames(names: Names): void {
  memory.fill(names.slots, 0, 16 * names.capacity);
  names.count = 0;
  names.usedBytes = 0;
  beginBlock(names, names.firstBlock);
}

function newBlock(): usize {
  const block = heap.alloc(BLOCK_BYTES);
  store<usize>(block, 0);
  return block;
}

function beginBlock(names: Names, block: usize): void {
  names.block = block;
  names.at = block + BLOCK_HEAD;
}

/** Has the next row stand in a further block, an old one where there is one. */
function goOn(names: Names): void {
  if (load<usize>(names.block) == 0) store<usize>(names.block, newBlock());
  beginBlock(names, load<usize>(names.block));
}

export function numberOf(kept: usize): u32 {
  return load<u32>(kept);
}

export function flagsOf(kept: usize): u32 {
  return load<u32>(kept, 8);
}

export function setFlags(kept: usize, flags: u32): void {
  store<u32>(kept, flags, 8);
}

/** Where the row at `row` is kept, from now on if it is new. */
export function keptRow(names: Names, row: usize, bytes: u32): usize {
  const hash = hashOf(row, bytes);
  const mask = 2 * names.capacity - 1;
  let slot = hash & mask;
  while (true) {
    const entry = load<u64>(names.slots + (slot << 3));
    if (entry == 0) return keep(names, hash, row, bytes);
    const kept = <usize>(<u32>entry);
    if (<u32>(entry >> 32) == hash && holds(kept, row, bytes)) return kept;
    slot = (slot + 1) & mask;
  }
}

function holds(kept: usize, row: usize, bytes: u32): bool {
  if (load<u32>(kept, 4) != bytes) return false;
  let at: u32 = 0;
  for (; at + 16 <= bytes; at += 16)
    if (v128.any_true(v128.xor(v128.load(kept + HEAD + at), v128.load(row + at)))) return false;
  return at == bytes || load<u64>(kept + HEAD + at) == load<u64>(row + at);
}

function keep(names: Names, hash: u32, row: usize, bytes: u32): usize {
  if (names.count == names.capacity) grow(names);
  if (names.at + HEAD + bytes > names.block + BLOCK_BYTES) goOn(names);
  const kept = names.at;
  names.at += HEAD + bytes;
  names.usedBytes += HEAD + bytes;
  store<u32>(kept, names.count++);
  store<u32>(kept, bytes, 4);
  setFlags(kept, 0);
  memory.copy(kept + HEAD, row, bytes);
  enter(names, ((<u64>hash) << 32) | kept);
  return kept;
}

/** Half of the slots stay free. */
function grow(names: Names): void {
  const before = names.slots;
  const end = before + 16 * names.capacity;
  names.capacity *= 2;
  names.slots = heap.alloc(16 * names.capacity);
  memory.fill(names.slots, 0, 16 * names.capacity);
  for (let at = before; at < end; at += 8) if (load<u64>(at) != 0) enter(names, load<u64>(at));
  heap.free(before);
}

function enter(names: Names, entry: u64): void {
  const mask = 2 * names.capacity - 1;
  let slot = (<u32>(entry >> 32)) & mask;
  while (load<u64>(names.slots + (slot << 3)) != 0) slot = (slot + 1) & mask;
  store<u64>(names.slots + (slot << 3), entry);
}

/** Multiplies and folds, as the finish of MurmurHash3 (64 bits) does, in two lanes that do not wait for each other. */
function hashOf(row: usize, bytes: u32): u32 {
  let one: u64 = seed ^ bytes;
  let other: u64 = ~seed;
  let at: u32 = 0;
  for (; at + 16 <= bytes; at += 16) {
    one = (one ^ load<u64>(row + at)) * 0xff51afd7ed558ccd;
    other = (other ^ load<u64>(row + at, 8)) * 0xc4ceb9fe1a85ec53;
    one ^= one >> 32;
    other ^= other >> 32;
  }
  if (at < bytes) one = (one ^ load<u64>(row + at)) * 0xff51afd7ed558ccd;
  one = (one ^ (one >> 32) ^ rotl<u64>(other, 29)) * 0xff51afd7ed558ccd;
  return <u32>(one ^ (one >> 33));
}
