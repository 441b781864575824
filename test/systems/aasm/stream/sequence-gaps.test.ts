import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SequenceGaps } from '../../../../src/systems/aasm/stream/sequence-gaps.ts';
import { runs } from '../../../runs.ts';

/** How many numbers are missing after these came. */
function missing(...numbers: readonly number[]): number {
  const gaps = new SequenceGaps();
  for (const number of numbers) gaps.add('agent', number);
  return gaps.missing;
}

it('whatever order the numbers above the first come in, those that never came are missing', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(numbers, later => {
      const came = [0, ...later];
      expect(missing(...came)).toBe(Math.max(...came) + 1 - came.length);
    }),
    { numRuns: runs(1000) },
  );
});

it('a stream that begins in the middle misses nothing before it', () => {
  expect(missing(500, 501)).toBe(0);
});

it('a runtime that was started again counts from 0, and the gap before it stays', () => {
  expect(missing(7, 8, 11, 0, 1, 2, 4)).toBe(2 + 1);
});

it('the numbers of several agents are kept apart', () => {
  const gaps = new SequenceGaps();
  for (const [agent, number] of [
    ['a', 0],
    ['b', 7],
    ['a', 1],
    ['b', 9],
  ] as const)
    gaps.add(agent, number);
  expect(gaps.missing).toBe(1);
});

it('a number that fills a gap of long ago stays missing, and one of a late gap does not', () => {
  const gaps = new SequenceGaps();
  for (let number = 0; number < 20_000; number += 2) gaps.add('agent', number);
  expect(gaps.missing).toBe(9999);
  gaps.add('agent', 1);
  gaps.add('agent', 19_997);
  expect(gaps.missing).toBe(9998);
});
