import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordNames } from '../../../src/sources/scan/word-names.ts';

describe('WordNames', () => {
  it('the same words have the same number, others the next one, also across growth and after forgetting', () => {
    const name = fc.int32Array({ maxLength: 3, min: -3, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.option(name, { freq: 200 }), { maxLength: 1_500 }), names => {
        const interned = new WordNames();
        const known = new Map<string, number>();
        for (const bytes of names) {
          if (bytes === null) {
            interned.clear();
            known.clear();
            continue;
          }
          const key = bytes.join();
          if (!known.has(key)) known.set(key, known.size);
          expect(interned.numberOf(bytes, bytes.length)).toBe(known.get(key));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('holds 100,000 names apart, whichever is asked for again', () => {
    const interned = new WordNames();
    const words = (index: number): Int32Array => Int32Array.of(index, index * 31);
    for (let index = 0; index < 100_000; index += 1)
      if (interned.numberOf(words(index), 2) !== index) throw new Error(`${index} is not new`);
    for (let index = 0; index < 100_000; index += 1)
      if (interned.numberOf(words(index), 2) !== index) throw new Error(`${index} is not known`);
    expect(interned.numberOf(words(100_000), 2)).toBe(100_000);
  });
});
