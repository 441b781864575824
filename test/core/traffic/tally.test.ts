import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText, OTHER, Tally } from '../../../src/core/traffic/tally.ts';

const counted = (names: readonly string[], limit = 100): Tally => {
  const tally = new Tally();
  for (const name of names) tally.add(name, 1, limit);
  return tally;
};

const sumOf = (tally: Tally): number => [...tally.entries()].reduce((sum, [, count]) => sum + count, 0);

describe('a tally', () => {
  it('ranks by count, then by name', () => {
    expect(counted(['b', 'a', 'c', 'c', 'B']).ranked()).toEqual([
      ['c', 2],
      ['B', 1],
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('counts a name that never came as none', () => {
    expect([counted([]).get('a'), counted(['b']).get('a'), counted(['b', 'c']).get('a')]).toEqual([0, 0, 0]);
    expect([counted([]).size, counted(['b', 'b']).size, counted(['b', 'c']).size]).toEqual([0, 1, 2]);
  });

  it('takes any name, also one that objects have for themselves', () => {
    expect(counted(['__proto__', 'constructor', '__proto__']).ranked()).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ]);
  });

  it('counts what does not fit as (other), one name more than its limit', () => {
    expect(counted(['a', 'b', 'c', 'd', 'a', OTHER], 2).ranked()).toEqual([
      [OTHER, 3],
      ['a', 2],
      ['b', 1],
    ]);
  });
});

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', OTHER), { maxLength: 30 });

it('the sum is exact whatever the limit', () => {
  fc.assert(
    fc.property(names, names, fc.integer({ min: 1, max: 4 }), (one, other, limit) => {
      const tally = counted(one, limit);
      tally.merge(counted(other, limit), limit);
      expect(sumOf(tally)).toBe(one.length + other.length);
      expect(tally.size).toBeLessThanOrEqual(limit + 1);
    }),
  );
});

it('merging two halves equals the whole', () => {
  fc.assert(
    fc.property(names, names, (one, other) => {
      const merged = counted(one);
      merged.merge(counted(other), 100);
      expect(merged.ranked()).toEqual(counted([...one, ...other]).ranked());
    }),
  );
});

it('texts are ordered by code unit', () => {
  expect(['b', 'a', 'B', 'ä', 'a'].sort(compareText)).toEqual(['B', 'a', 'a', 'b', 'ä']);
});
