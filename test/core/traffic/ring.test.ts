import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ring } from '../../../src/core/traffic/ring.ts';

const filled = (capacity: number, items: readonly number[]): Ring<number> => {
  const ring = new Ring<number>(capacity);
  for (const item of items) ring.push(item);
  return ring;
};

const oldestFirst = (ring: Ring<number>): (number | undefined)[] =>
  Array.from({ length: ring.length }, (_, index) => ring.at(index));

const capacity = fc.integer({ min: 1, max: 5 });
const items = fc.array(fc.nat(), { maxLength: 20 });

it('a ring holds the newest items and knows how many had to make room', () => {
  fc.assert(
    fc.property(capacity, items, (size, pushed) => {
      const ring = filled(size, pushed);
      expect(oldestFirst(ring)).toEqual(pushed.slice(-size));
      expect([...ring.newestFirst()]).toEqual(pushed.slice(-size).reverse());
      expect(ring.length + ring.dropped).toBe(pushed.length);
      expect([ring.at(-1), ring.at(ring.length)]).toEqual([undefined, undefined]);
    }),
  );
});

it('appending a ring equals pushing what it was given', () => {
  fc.assert(
    fc.property(capacity, items, items, (size, older, newer) => {
      const ring = filled(size, older);
      ring.append(filled(size, newer));
      const whole = filled(size, [...older, ...newer]);
      expect(oldestFirst(ring)).toEqual(oldestFirst(whole));
      expect(ring.dropped).toBe(whole.dropped);
    }),
  );
});

it('the newest items that pass a test are those of all of them, newest first', () => {
  fc.assert(
    fc.property(capacity, items, fc.nat(8), (size, pushed, most) => {
      const isEven = (item: number): boolean => item % 2 === 0;
      const ring = filled(size, pushed);
      expect(ring.newest(most, isEven)).toEqual([...ring.newestFirst()].filter(isEven).slice(0, most));
    }),
  );
});
