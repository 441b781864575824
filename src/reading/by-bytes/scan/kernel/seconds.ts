/**
 * Decisions by second and verdict, for charts over time: each entry holds as f64 the second of the unix time, the verdict's number and
 * the count. One that is used again soon is found by its second; what it displaces stays in the list.
 */
export const MAX_SECONDS: u32 = 4_096;
export const SECONDS: usize = heap.alloc(MAX_SECONDS * 24);
/** Of each slot the place of the entry that was used last, counted from 1. */
const SLOTS = memory.data(1_024 * 4, 4);
const SLOT_MASK: u32 = 1_023;

export let secondCount: u32 = 0;

export function clearSeconds(): void {
  secondCount = 0;
  memory.fill(SLOTS, 0, 1_024 * 4);
}

/** Whether there is room for a further second. */
export function hasSeconds(): bool {
  return secondCount < MAX_SECONDS;
}

/** Counts a decision at a unix time in ms. There must be room. */
export function addSecond(ms: f64, verdict: u32): void {
  const second = Math.floor(ms / 1_000);
  const slot = SLOTS + (((<u32>(<i64>second) * 8 + verdict) & SLOT_MASK) << 2);
  const known = load<u32>(slot);
  const entry = SECONDS + 24 * (known - 1);
  if (known != 0 && load<f64>(entry) == second && load<f64>(entry, 8) == <f64>verdict) {
    store<f64>(entry, load<f64>(entry, 16) + 1, 16);
    return;
  }
  const added = SECONDS + 24 * secondCount;
  secondCount += 1;
  store<f64>(added, second);
  store<f64>(added, <f64>verdict, 8);
  store<f64>(added, 1, 16);
  store<u32>(slot, secondCount);
}
