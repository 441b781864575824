/** Only records from `since` on and before `until` are counted, where there is a window; unix times in ms. */
let isWindowed: bool = false;
let since: f64 = 0;
let until: f64 = 0;
/** Records outside of it: all, those that rule, and those whose time cannot be read. */
export let passedRecords: i32 = 0;
export let passedDecisions: i32 = 0;
export let passedUntimed: i32 = 0;

export function setWindow(from: f64, to: f64): void {
  isWindowed = true;
  since = from;
  until = to;
}

/** Whether a record of this time is counted. Without a window, a record without a time is, too. */
export function isWithin(time: f64): bool {
  return !isWindowed || (time >= since && time < until);
}

/** A record outside of the window is only counted as such. */
export function passBy(time: f64, rules: bool): void {
  passedRecords += 1;
  if (rules) passedDecisions += 1;
  if (isNaN(time)) passedUntimed += 1;
}

export function forgetPassed(): void {
  passedRecords = 0;
  passedDecisions = 0;
  passedUntimed = 0;
}
