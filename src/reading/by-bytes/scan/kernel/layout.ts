/*
 * How the values of a record are read, as words of 32 bits that src/reading/by-bytes/scan/layout.ts writes:
 *
 * 0, 1   the layout's number, and its shape's
 * 2 – 5  the places of the time, the bytes, the duration and the status; -1: not there
 * 6      bit 0: the time may be a unix time; bit 1: it may stand elsewhere, where it cannot be read here
 * 7      the place of bytes that are added to the others; -1: not there
 * 8 …    how many values are measured, and their places
 * then   for each part how many values it has; for each value its place (64 more: without its port), how many values it stands in for, and their places
 */

const MEASURED: i32 = 8;

function word(layout: usize, index: i32): i32 {
  return load<i32>(layout + (index << 2));
}

export function idOf(layout: usize): i32 {
  return word(layout, 0);
}

export function shapeOf(layout: usize): i32 {
  return word(layout, 1);
}

export function timeOf(layout: usize): i32 {
  return word(layout, 2);
}

export function bytesOf(layout: usize): i32 {
  return word(layout, 3);
}

/** Where bytes stand that are added to the others. */
export function addedBytesOf(layout: usize): i32 {
  return word(layout, 7);
}

export function durationOf(layout: usize): i32 {
  return word(layout, 4);
}

export function statusOf(layout: usize): i32 {
  return word(layout, 5);
}

export function isUnix(layout: usize): bool {
  return (word(layout, 6) & 1) != 0;
}

export function hasOtherTimes(layout: usize): bool {
  return (word(layout, 6) & 2) != 0;
}

export function measuredCount(layout: usize): i32 {
  return word(layout, MEASURED);
}

export function measuredPlace(layout: usize, index: i32): i32 {
  return word(layout, MEASURED + 1 + index);
}

/** Where the first part is described. */
export function partsOf(layout: usize): usize {
  return layout + ((MEASURED + 1 + measuredCount(layout)) << 2);
}
