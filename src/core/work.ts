/** A computation in steps of about a millisecond. Each step yields its progress (0–1); the generator returns the result. */
export type Work<Value> = Generator<number, Value>;

/** Rows in one step. */
const ROWS_A_STEP = 512;

/** The length of a time slice in ms, too short for a person who types to notice. */
export const SLICE_MS = 8;

/** Runs the work for one slice of time, at least one step. Returns the last step. `clock` returns milliseconds since any start. */
export function workOn<Value>(
  work: Work<Value>,
  sliceMs: number,
  clock: () => number,
): IteratorResult<number, Value> {
  const startedAt = clock();
  let step = work.next();
  while (!step.done && clock() - startedAt < sliceMs) step = work.next();
  return step;
}

/** Runs the work to its end and returns the result. */
export function finished<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A value that needs no computation, as a `Work`. */
// eslint-disable-next-line require-yield -- it has nothing to do
export function* atOnce<Value>(value: Value): Work<Value> {
  return value;
}

/** Visits each item, also items that are added meanwhile. `count`, the number expected, gives the progress. */
export function* each<Item>(items: Iterable<Item>, count: number, visit: (item: Item) => void): Work<void> {
  let done = 0;
  for (const item of items) {
    visit(item);
    done += 1;
    if (done % ROWS_A_STEP === 0) yield Math.min(1, done / count);
  }
}

/** A part of larger work: the progress of `work` runs from `from` to `to`. */
export function* stage<Value>(work: Work<Value>, from: number, to: number): Work<Value> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + step.value * (to - from);
  }
}
