import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketOf, Durations } from '../../../src/core/traffic/durations.ts';
import { Histograms } from '../../../src/core/traffic/histograms.ts';

const shares = [0, 0.5, 0.95, 1];
const measured = fc.array(fc.record({ of: fc.nat({ max: 2 }), ms: fc.nat({ max: 100_000 }) }), {
  maxLength: 200,
});

it('many histograms in one place tell what each would by itself', () => {
  fc.assert(
    fc.property(measured, given => {
      const histograms = new Histograms();
      const firsts = [0, 0, 0];
      const plain = firsts.map(() => new Durations());
      for (const { of, ms } of given) {
        firsts[of] = histograms.add(firsts[of] ?? 0, bucketOf(ms), 1);
        plain[of]?.add(ms);
      }
      for (const [index, expected] of plain.entries()) {
        const found = histograms.of(firsts[index] ?? 0);
        expect([found.count, ...shares.map(share => found.quantile(share))]).toEqual([
          expected.count,
          ...shares.map(share => expected.quantile(share)),
        ]);
      }
    }),
  );
});

it('a count that outgrows its cell stays whole', () => {
  const histograms = new Histograms();
  let first = histograms.add(0, 5, 10_000_000);
  first = histograms.add(first, 9, 3);
  first = histograms.add(first, 5, 1);
  const { count, quantile } = histograms.of(first);
  const sums = new Map<number, number>();
  for (const [bucket, times] of histograms.of(first).entries())
    sums.set(bucket, (sums.get(bucket) ?? 0) + times);
  expect([count, Object.fromEntries(sums)]).toEqual([10_000_004, { 5: 10_000_001, 9: 3 }]);
  expect(quantile(1)).toBe(1.1 ** 8.5);
});

it('room that was given back begins empty', () => {
  const histograms = new Histograms();
  histograms.free(histograms.add(0, 5, 10_000_000));
  expect(histograms.of(histograms.add(0, 1, 1)).count).toBe(1);
});

it('a duration beyond all measure is one all the same', () => {
  const histograms = new Histograms();
  expect(histograms.of(histograms.add(0, bucketOf(Number.MAX_VALUE), 1)).count).toBe(1);
  expect(histograms.of(histograms.add(0, Number.POSITIVE_INFINITY, 1)).count).toBe(1);
});
