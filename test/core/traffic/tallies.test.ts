import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Names } from '../../../src/core/traffic/names.ts';
import { Tallies } from '../../../src/core/traffic/tallies.ts';
import { OTHER, Tally } from '../../../src/core/traffic/tally.ts';

const addition = fc.record({
  to: fc.nat({ max: 3 }),
  name: fc.constantFrom('a', 'b', 'c', 'd', '__proto__', OTHER),
  count: fc.constantFrom(1, 2, 2 ** 40),
});
/** Forgets a tally, or adds to it. */
const steps = fc.array(fc.oneof(addition, fc.record({ forgotten: fc.nat({ max: 3 }) })), { maxLength: 60 });

it('many tallies in one place count as each would by itself, also where some are forgotten and their room is used again', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (given, limit) => {
      const tallies = new Tallies(new Names());
      const firsts = [0, 0, 0, 0];
      const plain = firsts.map(() => new Tally());
      for (const step of given) {
        if ('forgotten' in step) {
          tallies.free(firsts[step.forgotten] ?? 0);
          firsts[step.forgotten] = 0;
          plain[step.forgotten] = new Tally();
        } else {
          firsts[step.to] = tallies.add(firsts[step.to] ?? 0, step.name, step.count, limit);
          plain[step.to]?.add(step.name, step.count, limit);
        }
      }
      for (const [index, expected] of plain.entries()) {
        const found = tallies.of(firsts[index] ?? 0);
        expect([...found.entries()]).toEqual([...expected.entries()]);
        expect([found.size, found.ranked()]).toEqual([expected.size, expected.ranked()]);
        for (const name of ['a', 'b', OTHER, 'never']) expect(found.get(name)).toBe(expected.get(name));
      }
    }),
  );
});

it('merging adds what another tally counted', () => {
  const tallies = new Tallies(new Names());
  const one = tallies.add(tallies.add(0, 'a', 1, 2), 'b', 1, 2);
  const other = tallies.add(tallies.add(0, 'b', 2, 2), 'c', 4, 2);
  expect([...tallies.of(tallies.merge(one, tallies.of(other), 2)).entries()]).toEqual([
    ['a', 1],
    ['b', 3],
    [OTHER, 4],
  ]);
});
