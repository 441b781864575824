import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NamedRows, sortedBy } from '../../src/app/named-rows.ts';
import { compareText } from '../../src/core/tally.ts';
import { anyText } from './any-text.ts';

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  compareText(one.name, other.name);

describe('rows by name', () => {
  it('are those of the map in order, however it grew and shrank', () => {
    const change = fc.oneof(anyText, fc.constant({ type: 'fold' }));
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 8 })), batches => {
        const map = new Map<string, { readonly name: string }>();
        const named = new NamedRows(map);
        let removals = 0;
        for (const change of batches.map(batch => [...batch])) {
          for (const step of change) {
            if (typeof step === 'string') map.set(step, map.get(step) ?? { name: step });
            else for (const key of [...map.keys()].slice(0, 2)) removals += Number(map.delete(key));
          }
          expect(named.sorted(removals)).toEqual([...map.values()].sort(byName));
        }
      }),
    );
  });
});

describe('rows by a number', () => {
  it('agree with a stable sort by comparison', () => {
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
});
