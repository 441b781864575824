import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackOff } from '../../../src/sources/nats/back-off.ts';

it('pauses are random below a ceiling that doubles from a second to a minute, and a success starts again', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(random, share => {
      const backOff = new BackOff(undefined, () => share);
      const ceilings = [1, 2, 4, 8, 16, 32, 60, 60];
      for (const seconds of ceilings) expect(backOff.next()).toBe(share * (seconds * 1000));
      backOff.reset();
      expect(backOff.next()).toBe(share * 1000);
    }),
  );
});
