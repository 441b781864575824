import { COUNT, FIRST, groupOf, hashOf, LAST, SKETCH, STATUS, STATUS_FROM, SUM } from './groups';
import { addToBucket, isRoomForDurations } from './sketches';

/** The block of the log that is counted now. */
let logBlock: u32 = 0;

/** The events from here on are older than all before. */
export function beginOlderBlock(): void {
  logBlock += 1;
}

/** Adds an event to a group; NaN for what it does not have. An older block replaces a status only by one that is dated later. */
export function addTo(group: usize, at: f64, bytes: f64, status: f64): void {
  store<f64>(group, load<f64>(group, COUNT) + 1, COUNT);
  if (at < load<f64>(group, FIRST)) store<f64>(group, at, FIRST);
  const last = load<f64>(group, LAST);
  if (at > last) store<f64>(group, at, LAST);
  if (bytes > 0) store<f64>(group, load<f64>(group, SUM) + bytes, SUM);
  if (!(status >= 0)) return;
  if (load<u32>(group, STATUS_FROM) != logBlock) {
    if (load<f64>(group, STATUS) >= 0 && !(at > last)) return;
    store<u32>(group, logBlock, STATUS_FROM);
  }
  store<f64>(group, status, STATUS);
}

/**
 * An event that was decoded elsewhere, as f64: the numbers of its values, above all that the kernel gives; its time, bytes, status and the
 * bucket of its duration, NaN for what it does not have.
 */
export const DECODED_EVENT = memory.data(8 * 8, 8);

/** Adds up the event at DECODED_EVENT, in whose place a new group stands where it is the first; false where there is no room. */
export function addDecoded(): bool {
  if (!isRoomForDurations(1)) return false;
  const one = decodedPair(0, 1);
  const other = decodedPair(2, 3);
  const group = groupOf(one, other, hashOf(one, other));
  if (group == 0) return false;
  const at = load<f64>(DECODED_EVENT, 32);
  const bytes = load<f64>(DECODED_EVENT, 40);
  const status = load<f64>(DECODED_EVENT, 48);
  const bucket = load<f64>(DECODED_EVENT, 56);
  addTo(group, at, bytes, status);
  if (bucket >= 0) store<u32>(group, addToBucket(load<u32>(group, SKETCH), <u32>bucket), SKETCH);
  return true;
}

function decodedPair(lower: i32, upper: i32): u64 {
  return (decodedNumber(upper) << 32) | decodedNumber(lower);
}

function decodedNumber(part: i32): u64 {
  return <u64>load<f64>(DECODED_EVENT + (part << 3));
}
