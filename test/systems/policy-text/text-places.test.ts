import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextPlaces } from '../../../src/systems/policy-text/text-places.ts';

const TEXT = fc
  .array(fc.constantFrom('a', 'é', ' ', '\n', '\r\n'), { maxLength: 40 })
  .map(parts => parts.join(''));

describe('the place of an offset', () => {
  it('the place of an offset equals the count of line breaks before it, and leads back to the offset', () => {
    fc.assert(
      fc.property(TEXT, fc.nat(60), (text, at) => {
        const [offset, places] = [Math.min(at, text.length), new TextPlaces(text)];
        const before = text.slice(0, offset).split('\n');
        const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
        expect(places.at(offset)).toEqual(place);
        expect(places.offsetOf(place)).toBe(offset);
      }),
    );
  });
});
