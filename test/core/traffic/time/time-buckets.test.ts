import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimeBuckets } from '../../../../src/core/traffic/time/time-buckets.ts';

const WIDTH = 10;
const CAPACITY = 4;

const charted = (times: readonly number[]): TimeBuckets => {
  const buckets = new TimeBuckets(WIDTH, CAPACITY);
  for (const at of times) buckets.add(at, 'deny');
  return buckets;
};

const totals = (buckets: TimeBuckets, until: number): (number | null)[] =>
  buckets
    .joined((Math.floor(until / WIDTH) - CAPACITY + 1) * WIDTH, WIDTH, CAPACITY)
    .map(counts => counts?.total ?? null);

it('the newest spans are charted, oldest first, empty ones as null', () => {
  expect(totals(charted([100, 109, 110, 131]), 131)).toEqual([2, 1, null, 1]);
  expect(totals(charted([100, 109, 110, 131]), 145)).toEqual([1, null, 1, null]);
  expect(charted([]).newestAt).toBeNull();
  expect(charted([131, 100]).newestAt).toBe(130);
});

const times = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 });

it('what is charted and what is too old add up to what was counted, in any order of coming', () => {
  fc.assert(
    fc.property(times, given => {
      const buckets = charted(given);
      const shown = totals(buckets, buckets.newestAt ?? 0).reduce<number>((sum, n) => sum + (n ?? 0), 0);
      expect(shown + buckets.older).toBe(given.length);
    }),
  );
});

it('merging two halves equals the whole', () => {
  fc.assert(
    fc.property(times, times, (one, other) => {
      const merged = charted(one);
      merged.merge(charted(other));
      const whole = charted([...one, ...other]);
      const newest = whole.newestAt ?? 0;
      expect([merged.newestAt, merged.older]).toEqual([whole.newestAt, whole.older]);
      expect(totals(merged, newest)).toEqual(totals(whole, newest));
    }),
  );
});
