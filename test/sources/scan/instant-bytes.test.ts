import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../../src/core/time.ts';
import { instantAt } from '../../../src/sources/scan/instant-bytes.ts';

const read = (text: string): number => {
  const bytes = Buffer.from(`"${text}"\n`);
  return instantAt(bytes, 1, bytes.length - 2);
};

const two = (max: number) => fc.integer({ min: 0, max }).map(value => String(value).padStart(2, '0'));
const text = fc
  .tuple(
    fc.integer({ min: 0, max: 9_999 }).map(year => String(year).padStart(4, '0')),
    fc.tuple(two(13), two(32), two(25), two(61), two(61)),
    fc.stringMatching(/^\.?[0-9]{0,10}$/),
    fc.constantFrom('Z', 'Z', 'Z', 'z', '+00:00', ''),
  )
  .map(([year, [month, day, hour, minute, second], fraction, zone]) =>
    [`${year}-${month}-${day}T${hour}:${minute}:${second}`, fraction, zone].join(''),
  );

describe('instantAt', () => {
  it('reads what it reads as parseRfc3339 does', () => {
    fc.assert(
      fc.property(text, spelled => {
        const at = read(spelled);
        if (!Number.isNaN(at)) expect(at).toBe(parseRfc3339(spelled));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '2026-11-19T08:00:00Z',
    '2026-11-19T08:00:00.5Z',
    '2026-12-31T23:59:59.999999999Z',
    '2028-02-29T00:00:00Z',
  ])('reads %s', spelled => {
    expect(read(spelled)).toBe(parseRfc3339(spelled));
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-11-19T08:00:60Z',
    '2026-11-19 08:00:00Z',
    '2026-11-19T08:00:00',
    '1795078800',
    '',
  ])('leaves %j to others', spelled => {
    expect(read(spelled)).toBeNaN();
  });
});
