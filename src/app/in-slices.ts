import { SLICE_MS, workOn, type Work } from '../core/work.ts';

/** What comes out of the work, which is done between everything else that there is to do. `now` counts milliseconds, from anywhere. */
export async function inSlices<Value>(work: Work<Value>, now: () => number): Promise<Value> {
  for (;;) {
    const step = workOn(work, SLICE_MS, now);
    if (step.done) return step.value;
    await new Promise(resolve => setImmediate(resolve));
  }
}
