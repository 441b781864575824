import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Durations } from '../../../src/core/traffic/durations.ts';
import { often } from '../../runs.ts';

const measured = (values: readonly number[]): Durations => {
  const durations = new Durations();
  for (const value of values) durations.add(value);
  return durations;
};

const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

it('a quantile lies within 5 % of the duration that an exact one gives', () => {
  fc.assert(
    fc.property(values, share, (given, q) => {
      const sorted = [...given].sort((one, other) => one - other);
      const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
      const found = measured(given).quantile(q) ?? Number.NaN;
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.05);
    }),
    { numRuns: often(500) },
  );
});

it('no duration has no quantile, and less than a millisecond is none', () => {
  expect(new Durations().quantile(0.5)).toBeNull();
  expect(measured([0.2]).quantile(0.5)).toBe(0);
});

it('merging two halves equals the whole', () => {
  fc.assert(
    fc.property(values, values, share, (one, other, q) => {
      const merged = measured(one);
      merged.merge(measured(other));
      const whole = measured([...one, ...other]);
      expect([merged.count, merged.quantile(q)]).toEqual([whole.count, whole.quantile(q)]);
    }),
  );
});
