import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedBy } from '../../src/core/sorted-by.ts';

it('rows by a number agree with a stable sort by comparison', () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(value), values => {
      const rows = values.map((value, index) => ({ value, index }));
      const plain = rows.toSorted((one, other) =>
        one.value < other.value ? -1 : Number(one.value > other.value),
      );
      expect(sortedBy(rows, row => row.value)).toEqual(plain);
    }),
  );
});
