/** A number for each row of bytes: the same bytes have the same number, counted from 0. Rows are whole words of 8 bytes. A hash only finds the place; equality is of all bytes. */
@unmanaged
export class Names {
  count: u32;
  capacity: u32;
  /** Number + 1 by hash, with open addressing; 0 is free. Twice as many as the capacity. */
  slots: usize;
  hashes: usize;
  /** Where each one's bytes end in the store. */
  ends: usize;
  store: usize;
  storeBytes: u32;
}

const FIRST_CAPACITY: u32 = 512;
const FIRST_STORE: u32 = 16 * 1_024;
/** Different in every process: who writes the log cannot look for rows that meet in one slot. */
let seed: u64 = 0;

export function seedNames(value: u64): void {
  seed = value;
}

export function newNames(): Names {
  const names = changetype<Names>(heap.alloc(offsetof<Names>()));
  names.count = 0;
  names.capacity = FIRST_CAPACITY;
  names.slots = heap.alloc(8 * FIRST_CAPACITY);
  memory.fill(names.slots, 0, 8 * FIRST_CAPACITY);
  names.hashes = heap.alloc(4 * FIRST_CAPACITY);
  names.ends = heap.alloc(4 * FIRST_CAPACITY);
  names.store = heap.alloc(FIRST_STORE);
  names.storeBytes = FIRST_STORE;
  return names;
}

/** Forgets all names, keeping the room they took. */
export function clearNames(names: Names): void {
  memory.fill(names.slots, 0, 8 * names.capacity);
  names.count = 0;
}

/** The number of the row at `row`, which is kept when it is new. */
export function numberOf(names: Names, row: usize, bytes: u32): u32 {
  const hash = hashOf(row, bytes);
  const mask = 2 * names.capacity - 1;
  let slot = hash & mask;
  while (true) {
    const number = load<u32>(names.slots + (slot << 2)) - 1;
    if (number == u32.MAX_VALUE) return keep(names, hash, row, bytes);
    if (load<u32>(names.hashes + (number << 2)) == hash && holds(names, number, row, bytes)) return number;
    slot = (slot + 1) & mask;
  }
}

function startOf(names: Names, number: u32): u32 {
  return number == 0 ? 0 : load<u32>(names.ends + ((number - 1) << 2));
}

function holds(names: Names, number: u32, row: usize, bytes: u32): bool {
  const start = startOf(names, number);
  if (load<u32>(names.ends + (number << 2)) - start != bytes) return false;
  const kept = names.store + start;
  for (let at: usize = 0; at < bytes; at += 8) if (load<u64>(kept + at) != load<u64>(row + at)) return false;
  return true;
}

function keep(names: Names, hash: u32, row: usize, bytes: u32): u32 {
  if (names.count == names.capacity) grow(names);
  const number = names.count;
  const start = startOf(names, number);
  if (start + bytes > names.storeBytes) {
    names.storeBytes = 2 * (start + bytes);
    names.store = heap.realloc(names.store, names.storeBytes);
  }
  memory.copy(names.store + start, row, bytes);
  store<u32>(names.ends + (number << 2), start + bytes);
  store<u32>(names.hashes + (number << 2), hash);
  place(names, hash, number);
  names.count = number + 1;
  return number;
}

/** Half of the slots stay free. */
function grow(names: Names): void {
  names.capacity *= 2;
  names.hashes = heap.realloc(names.hashes, 4 * names.capacity);
  names.ends = heap.realloc(names.ends, 4 * names.capacity);
  heap.free(names.slots);
  names.slots = heap.alloc(8 * names.capacity);
  memory.fill(names.slots, 0, 8 * names.capacity);
  for (let number: u32 = 0; number < names.count; number += 1)
    place(names, load<u32>(names.hashes + (number << 2)), number);
}

function place(names: Names, hash: u32, number: u32): void {
  const mask = 2 * names.capacity - 1;
  let slot = hash & mask;
  while (load<u32>(names.slots + (slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(names.slots + (slot << 2), number + 1);
}

/** Multiplies and folds, as the finish of MurmurHash3 (64 bits) does. */
function hashOf(row: usize, bytes: u32): u32 {
  let hash: u64 = seed ^ bytes;
  for (let at: usize = 0; at < bytes; at += 8) {
    hash = (hash ^ load<u64>(row + at)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  hash *= 0xc4ceb9fe1a85ec53;
  return <u32>(hash ^ (hash >> 33));
}
