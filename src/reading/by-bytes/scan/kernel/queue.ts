import { addTo } from './add-up';
import { groupOf, hashOf, isRoomForGroups, SKETCH, touchGroup, touchSlot } from './groups';
import { addDuration, isRoomForDurations } from './sketches';

/**
 * Records that wait to be added up, so that the processor fetches the groups of all of them at once: with 100,000 groups it waits for memory
 * otherwise at each record. An entry is 64 bytes: two keys (u64); time, bytes, status and duration (f64); the hash of the keys (u32).
 */
const LENGTH: u32 = 32;
const ENTRIES = memory.data(64 * 32, 64);
export const TIME: usize = 16;
export const BYTES: usize = 24;
export const STATUS: usize = 32;
export const DURATION: usize = 40;
const HASH: usize = 48;
/** Where the sum of what was fetched goes, so that it is fetched. */
const FETCHED = memory.data(4, 4);

let queued: u32 = 0;

/** The entry of a further record, with its keys. Its user writes the measures, NaN for what the record does not have. */
export function nextEntry(one: u64, other: u64): usize {
  const entry = ENTRIES + (queued << 6);
  store<u64>(entry, one);
  store<u64>(entry, other, 8);
  store<u32>(entry, hashOf(one, other), HASH);
  return entry;
}

/** Has the next entry, now written, wait. It is added up at once where there may be no room; false where there is none. */
export function takeEntry(): bool {
  const entry = ENTRIES + (queued << 6);
  if (!isRoomForGroups(LENGTH) || !isRoomForDurations(LENGTH)) {
    drain();
    return isRoomForDurations(1) && addEntry(entry);
  }
  queued += 1;
  if (queued == LENGTH) drain();
  return true;
}

/** Adds up all that wait, in the order in which they came. */
export function drain(): void {
  const end = ENTRIES + (queued << 6);
  let fetched: u32 = 0;
  for (let entry = ENTRIES; entry < end; entry += 64) fetched += touchSlot(load<u32>(entry, HASH));
  for (let entry = ENTRIES; entry < end; entry += 64) fetched += touchGroup(load<u32>(entry, HASH));
  store<u32>(FETCHED, fetched);
  for (let entry = ENTRIES; entry < end; entry += 64) addEntry(entry);
  queued = 0;
}

/** False where there is no room for a new group. */
function addEntry(entry: usize): bool {
  const group = groupOf(load<u64>(entry), load<u64>(entry, 8), load<u32>(entry, HASH));
  if (group == 0) return false;
  addTo(group, load<f64>(entry, TIME), load<f64>(entry, BYTES), load<f64>(entry, STATUS));
  const duration = load<f64>(entry, DURATION);
  if (duration >= 0) store<u32>(group, addDuration(load<u32>(group, SKETCH), duration), SKETCH);
  return true;
}
