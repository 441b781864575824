/** Work in steps of about a millisecond. Each step yields progress (0–1); the generator returns the result. */
export type Work<Value> = Generator<number, Value>;

/** Rows that one step looks at. */
const ROWS_A_STEP = 512;

/** A slice short enough that a person who types does not notice it, ms. */
export const SLICE_MS = 8;

/** Works for a slice of time, at least one step, and returns the last step. `clock` counts milliseconds from any start. */
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

/** The result of the work, all done in one go. */
export function finished<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Wraps a value that is already there as a `Work`. */
// eslint-disable-next-line require-yield -- it has nothing to do
export function* atOnce<Value>(value: Value): Work<Value> {
  return value;
}

/** Visits each item, also those added meanwhile. `count` is the number expected, for the progress. */
export function* each<Item>(items: Iterable<Item>, count: number, visit: (item: Item) => void): Work<void> {
  let done = 0;
  for (const item of items) {
    visit(item);
    done += 1;
    if (done % ROWS_A_STEP === 0) yield Math.min(1, done / count);
  }
}

/** The work as a stage of larger work: its progress runs from `from` to `to`. */
export function* stage<Value>(work: Work<Value>, from: number, to: number): Work<Value> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + step.value * (to - from);
  }
}
