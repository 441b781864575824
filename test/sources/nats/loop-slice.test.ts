import { expect, it } from 'vitest';
import { LoopSlice } from '../../../src/sources/nats/loop-slice.ts';
import { SLICE_MS } from '../../../src/core/work.ts';

it('a loop over messages that are there already lets the event loop turn once a slice', async () => {
  let ms = 0;
  let turns = 0;
  let isDone = false;
  const turning = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turning);
  };
  const slice = new LoopSlice(() => ms);
  setImmediate(turning);
  for (let message = 0; message < 10 * SLICE_MS; message += 1) {
    ms += 1;
    await Promise.resolve();
    if (slice.isOver) await slice.giveWay();
  }
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(9);
  expect(turns).toBeLessThanOrEqual(11);
});
