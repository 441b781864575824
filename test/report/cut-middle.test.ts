import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { cutMiddle } from '../../src/report/cut-middle.ts';
import { ANY_CHARACTER } from '../any-character.ts';

it.each([
  ['docs.rs', 10, 'docs.rs'],
  ['abcdefghij', 10, 'abcdefghij'],
  ['abcdefghijk', 10, 'abcde…hijk'],
  [`${'x'.repeat(300)}.example`, 20, 'xxxxxxxxxx…x.example'],
  ['例例例例例例', 7, '例…例'],
  ['a\u202eb', 20, 'a\\u{202e}b'],
])('%j in %i columns is %j', (text, width, cut) => {
  expect(cutMiddle(text, width)).toBe(cut);
});

it('any text fits, and one that fits is whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: ANY_CHARACTER, maxLength: 200 }),
      fc.integer({ min: 3, max: 40 }),
      (text, width) => {
        expect(stringWidth(cutMiddle(text, width))).toBeLessThanOrEqual(width);
      },
    ),
  );
});
