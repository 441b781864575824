/** Work in bits: after each, of a millisecond or so, the share of all (0–1) that is done; at the end what came out. */
export type Work<Value> = Generator<number, Value>;

/** Rows that are looked at between two bits. */
const ROWS_A_BIT = 512;

/** So long, nobody who types notices that work is done between two keys. */
export const SLICE_MS = 8;

/** Works for a slice of time, one bit at least; the last step of it. `clock` counts milliseconds, from anywhere. */
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

/** What comes out when all is done at once. */
export function finished<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** What is no work, where work is asked for. */
// eslint-disable-next-line require-yield -- that is just the point
export function* atOnce<Value>(value: Value): Work<Value> {
  return value;
}

/** Does something with each item. What comes meanwhile is done as well. */
export function* each<Item>(items: Iterable<Item>, count: number, visit: (item: Item) => void): Work<void> {
  let done = 0;
  for (const item of items) {
    visit(item);
    done += 1;
    if (done % ROWS_A_BIT === 0) yield Math.min(1, done / count);
  }
}

/** The work as a stage of something larger, which goes from one share to another. */
export function* stage<Value>(work: Work<Value>, from: number, to: number): Work<Value> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield from + step.value * (to - from);
  }
}
