import { alignedMemory } from './aligned-memory';
import { seed } from './names';

/**
 * The sums of the records that are alike in all four parts, in the order in which the groups came. A group is 64 bytes, one line
 * of a processor's cache: the four numbers of its parts' values (u32), then, as f64, count, first and last time, bytes, newest status;
 * then, as u32, the first block of its durations, and the block of the log that gave the status.
 */
const MAX_GROUPS: u32 = 262_144;
const GROUP_BITS: u32 = 6;
const FIRST_GROUPS: u32 = 512;
/** So that they need not move when there are more, they lie in blocks, of which this says where they are. */
const GROUP_BLOCKS = memory.data(64 * 4, 4);
const BLOCK_GROUP_BITS: u32 = 12;
const BLOCK_GROUPS: u32 = 1 << BLOCK_GROUP_BITS;

/** Of each slot the place of its group in the lowest bits, counted from 1, and some bits of the hash; 0 is free. Half stay free. */
let slots: usize = heap.alloc(FIRST_GROUPS << 3);
let slotRoom: u32 = FIRST_GROUPS << 1;
const PLACE_BITS: u32 = 19;
const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;

export const COUNT: usize = 16;
export const FIRST: usize = 24;
export const LAST: usize = 32;
export const SUM: usize = 40;
export const STATUS: usize = 48;
export const SKETCH: usize = 56;
export const STATUS_FROM: usize = 60;

export let groupCount: u32 = 0;
let mask: u32 = 0;
let most: u32 = MAX_GROUPS;

/** From now on there is room for no more than so many. */
export function limitGroups(max: u32): void {
  most = max < MAX_GROUPS ? max : MAX_GROUPS;
}

const PART_BYTES: usize = 16;
const CELL_BYTES: usize = 40;
const SKETCH_BYTES: usize = 4;
let packed: usize = 0;

/**
 * Copies `count` groups from `first` on, where a block begins: their parts one behind the other, behind room for a block of them their
 * cells, and behind room for these the first blocks of their durations. Returns where.
 */
export function packBlock(first: u32, count: u32): usize {
  if (packed == 0) packed = alignedMemory(<usize>BLOCK_GROUPS * (PART_BYTES + CELL_BYTES + SKETCH_BYTES));
  let parts = packed;
  let cells = parts + <usize>BLOCK_GROUPS * PART_BYTES;
  let sketches = cells + <usize>BLOCK_GROUPS * CELL_BYTES;
  let group = groupAt(first);
  const end = group + ((<usize>count) << GROUP_BITS);
  for (; group < end; group += 1 << GROUP_BITS) {
    v128.store(parts, v128.load(group));
    v128.store(cells, v128.load(group, COUNT));
    v128.store(cells, v128.load(group, LAST), 16);
    store<f64>(cells, load<f64>(group, STATUS), 32);
    store<u32>(sketches, load<u32>(group, SKETCH));
    parts += PART_BYTES;
    cells += CELL_BYTES;
    sketches += SKETCH_BYTES;
  }
  return packed;
}

/** Forgets all groups. */
export function clearGroups(): void {
  groupCount = 0;
  mask = 2 * FIRST_GROUPS - 1;
  memory.fill(slots, 0, FIRST_GROUPS << 3);
}

clearGroups();

/** Whether there is room for so many more, be they new or not. */
export function isRoomForGroups(more: u32): bool {
  return groupCount + more <= most;
}

/** Has the slot of a hash fetched; what it returns means nothing. */
export function touchSlot(hash: u32): u32 {
  return load<u32>(slots + ((hash & mask) << 2));
}

/** Has the group fetched that is probably the one of a hash. */
export function touchGroup(hash: u32): u32 {
  const entry = touchSlot(hash);
  return entry == 0 ? 0 : load<u32>(groupAt((entry & PLACE_MASK) - 1));
}

/** The group of two keys, a host's number above a ruling's, and an agent's above a tool's, whose hash is known. It is made where there is none; 0 where there is no room. */
export function groupOf(one: u64, other: u64, hash: u32): usize {
  let slot = hash & mask;
  while (true) {
    const entry = load<u32>(slots + (slot << 2));
    if (entry == 0) return newGroup(one, other, hash);
    if (((entry ^ hash) & ~PLACE_MASK) == 0) {
      const group = groupAt((entry & PLACE_MASK) - 1);
      if (load<u64>(group) == one && load<u64>(group, 8) == other) return group;
    }
    slot = (slot + 1) & mask;
  }
}

function groupAt(place: u32): usize {
  const block = load<usize>(GROUP_BLOCKS + ((place >> BLOCK_GROUP_BITS) << 2));
  return block + ((<usize>(place & (BLOCK_GROUPS - 1))) << GROUP_BITS);
}

function newGroup(one: u64, other: u64, hash: u32): usize {
  if (groupCount >= most) return 0;
  if (groupCount << 1 == mask + 1) grow();
  const block = GROUP_BLOCKS + ((groupCount >> BLOCK_GROUP_BITS) << 2);
  if (load<usize>(block) == 0) store<usize>(block, alignedMemory(BLOCK_GROUPS << GROUP_BITS));
  const group = groupAt(groupCount++);
  store<u64>(group, one);
  store<u64>(group, other, 8);
  store<f64>(group, 0, COUNT);
  store<f64>(group, Infinity, FIRST);
  store<f64>(group, -Infinity, LAST);
  store<f64>(group, 0, SUM);
  store<f64>(group, NaN, STATUS);
  store<u32>(group, 0, SKETCH);
  enter(groupCount, hash);
  return group;
}

/** Twice as many slots. */
function grow(): void {
  mask = (mask << 1) | 1;
  if (slotRoom <= mask) {
    slotRoom = mask + 1;
    heap.free(slots);
    slots = heap.alloc(slotRoom << 2);
  }
  memory.fill(slots, 0, (mask + 1) << 2);
  for (let place: u32 = 0; place < groupCount; place += 1) {
    const group = groupAt(place);
    enter(place + 1, hashOf(load<u64>(group), load<u64>(group, 8)));
  }
}

function enter(place: u32, hash: u32): void {
  let slot = hash & mask;
  while (load<u32>(slots + (slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(slots + (slot << 2), (hash & ~PLACE_MASK) | place);
}

/** Of two keys. Multiplies and folds, as the finish of MurmurHash3 (64 bits) does. */
export function hashOf(one: u64, other: u64): u32 {
  let hash = (seed ^ one) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 32) ^ rotl<u64>(other, 29)) * 0xc4ceb9fe1a85ec53;
  return <u32>(hash ^ (hash >> 33));
}
