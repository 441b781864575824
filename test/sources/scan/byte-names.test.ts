import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteNames } from '../../../src/sources/scan/byte-names.ts';

describe('ByteNames', () => {
  it('the same bytes have the same number, others the next one, also across growth and after forgetting', () => {
    const name = fc.uint8Array({ maxLength: 3, max: 7 });
    fc.assert(
      fc.property(fc.array(fc.option(name, { freq: 200 }), { maxLength: 1_500 }), names => {
        const interned = new ByteNames();
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
    const interned = new ByteNames();
    const bytes = (index: number): Uint8Array => new Uint8Array(Uint32Array.of(index, index * 31).buffer);
    for (let index = 0; index < 100_000; index += 1)
      if (interned.numberOf(bytes(index), 8) !== index) throw new Error(`${index} is not new`);
    for (let index = 0; index < 100_000; index += 1)
      if (interned.numberOf(bytes(index), 8) !== index) throw new Error(`${index} is not known`);
    expect(interned.numberOf(bytes(100_000), 8)).toBe(100_000);
  });
});
