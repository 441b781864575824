import type { Work } from '../core/work.ts';

/** Between two keys nobody notices so much. */
const SLICE_MS = 8;

/** What comes out of the work, which is done between everything else that there is to do. `now` counts milliseconds, from anywhere. */
export async function inSlices<Value>(work: Work<Value>, now: () => number): Promise<Value> {
  for (;;) {
    const startedAt = now();
    let step = work.next();
    while (!step.done && now() - startedAt < SLICE_MS) step = work.next();
    if (step.done) return step.value;
    await new Promise(resolve => setImmediate(resolve));
  }
}
