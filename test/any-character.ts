import fc from 'fast-check';

/** Code points that are no characters by themselves. */
const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Any character, as a unit of `fc.string`. fast-check's own unit for that, `binary`, takes two seconds of the processor to be made, in each
 * process.
 */
export const ANY_CHARACTER: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map(
    at => String.fromCodePoint(at < SURROGATES.from ? at : at + SURROGATES.count),
    character => {
      const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
      if (point === undefined || character !== String.fromCodePoint(point))
        throw new Error('not one character');
      return point < SURROGATES.from ? point : point - SURROGATES.count;
    },
  );
