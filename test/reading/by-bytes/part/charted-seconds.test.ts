import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../../../src/core/event.ts';
import { Charts } from '../../../../src/core/traffic/time/charts.ts';
import type { TimeBuckets } from '../../../../src/core/traffic/time/time-buckets.ts';
import { ChartedSeconds } from '../../../../src/reading/by-bytes/part/charted-seconds.ts';
import { often } from '../../../runs.ts';

const DAY = 86_400_000;

const drawn = (buckets: TimeBuckets) => ({
  newest: buckets.newestAt,
  older: buckets.older,
  last: buckets
    .joined(
      (buckets.newestAt ?? 0) - (buckets.capacity - 1) * buckets.widthMs,
      buckets.widthMs,
      buckets.capacity,
    )
    .map(bucket => bucket?.verdicts()),
});

it('charts of the few numbers are the charts of each decision, however far the times lie apart', () => {
  const at = fc.oneof(
    fc.integer({ min: 0, max: 3 * DAY }),
    fc.integer({ min: 2 * DAY, max: 2 * DAY + 700_000 }),
    fc.integer({ min: -DAY, max: 0 }),
    fc.integer({ min: -40 * DAY, max: 40 * DAY }),
    fc.integer({ min: -5_000 * DAY, max: 0 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(at, fc.constantFrom(...VERDICTS)), { maxLength: 80 }),
      fc.nat(80),
      (all, taken) => {
        const [each, few, seconds] = [new Charts(), new Charts(), new ChartedSeconds()];
        const take = (): void => {
          for (const [when, verdict, count] of seconds.take()) few.addAll(when, verdict, count);
        };
        for (const [index, [when, verdict]] of all.entries()) {
          each.addAll(when, verdict, 1);
          seconds.add(when, verdict, 1);
          if (index === taken) take();
        }
        take();
        expect(few.kept.map(drawn)).toEqual(each.kept.map(drawn));
      },
    ),
    { numRuns: often(300) },
  );
});
