import { alignedMemory } from './aligned-memory';

/**
 * Durations of groups, as counts by bucket: chains of blocks of 64 bytes, known by their first; 0 is the empty one. A block holds the
 * next one's number, then cells: a bucket above, a count below; an empty cell is 0. A count that no longer fits goes on in a further cell.
 */
const MAX_BLOCKS: u32 = 262_144;
const BLOCK_BITS: u32 = 6;
/** Blocks lie in sheets, so that they need not move when there are more; this says where the sheets are. */
export const SHEETS = memory.data(64 * 4, 4);
const SHEET_BLOCK_BITS: u32 = 12;
const SHEET_BLOCKS: u32 = 1 << SHEET_BLOCK_BITS;
const CELLS: u32 = 15;
const CELL_COUNT_BITS: u32 = 23;
const FULL: u32 = (1 << CELL_COUNT_BITS) - 1;

/** The least duration of each bucket but the first, in ms: what `bucketOf` of src/core/traffic/durations.ts says of whole numbers. */
const MAX_BUCKETS: u32 = 511;
const BOUNDS = memory.data(512 * 8, 8);
let bounds: u32 = 0;

/** Block 0 is none. */
let blocks: u32 = 1;

export function clearSketches(): void {
  blocks = 1;
}

/** Adds the least duration of the next bucket. */
export function addBound(ms: f64): void {
  if (bounds == MAX_BUCKETS) return;
  store<f64>(BOUNDS + (bounds << 3), ms);
  bounds += 1;
}

/** Whether durations are measured: only if there are bounds. */
export function measuresDurations(): bool {
  return bounds != 0;
}

/** Whether there is room for so many more. */
export function isRoomForDurations(more: u32): bool {
  return blocks + more <= MAX_BLOCKS;
}

/** Adds a duration to the sketch that begins with `first`; returns its first block. There must be room. */
export function addDuration(first: u32, ms: f64): u32 {
  return addToBucket(first, bucketOf(ms));
}

/** The same of a duration whose bucket is known. */
export function addToBucket(first: u32, bucket: u32): u32 {
  let last: u32 = 0;
  for (let block = first; block != 0; block = load<u32>(at(block))) {
    if (addTo(at(block), bucket)) return first;
    last = block;
  }
  const block = newBlock();
  memory.fill(at(block), 0, 1 << BLOCK_BITS);
  addTo(at(block), bucket);
  if (last == 0) return block;
  store<u32>(at(last), block);
  return first;
}

function newBlock(): u32 {
  const sheet = SHEETS + ((blocks >> SHEET_BLOCK_BITS) << 2);
  if (load<usize>(sheet) == 0) store<usize>(sheet, alignedMemory(SHEET_BLOCKS << BLOCK_BITS));
  return blocks++;
}

function at(block: u32): usize {
  const sheet = load<usize>(SHEETS + ((block >> SHEET_BLOCK_BITS) << 2));
  return sheet + ((<usize>(block & (SHEET_BLOCKS - 1))) << BLOCK_BITS);
}

/** False where the block holds neither the bucket nor a free cell. */
function addTo(block: usize, bucket: u32): bool {
  for (let cell: u32 = 1; cell <= CELLS; cell += 1) {
    const place = block + (cell << 2);
    const known = load<u32>(place);
    if (known != 0 && (known >> CELL_COUNT_BITS != bucket || (known & FULL) == FULL)) continue;
    store<u32>(place, ((bucket << CELL_COUNT_BITS) | (known & FULL)) + 1);
    return true;
  }
  return false;
}

/** How many bounds are not above it. */
function bucketOf(ms: f64): u32 {
  let low: u32 = 0;
  let high = bounds;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(BOUNDS + (middle << 3)) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
