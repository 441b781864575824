import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRANT_CHOICES, parseEnd, wholeSecond } from '../../../src/app/state/grant-choices.ts';
import { anyText } from '../any-text.ts';

const NOW = Date.parse('2026-11-20T12:00:00.400Z');
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

describe('a typed end', () => {
  it.each([
    ['45m', '2026-11-20T12:45:01.000Z'],
    [' 2h30m ', '2026-11-20T14:30:01.000Z'],
    ['2s', '2026-11-20T12:00:03.000Z'],
    ['18:00', '2026-11-20T18:00:00.000Z'],
    ['9:30', '2026-11-21T09:30:00.000Z'],
    ['12:00', '2026-11-21T12:00:00.000Z'],
    ['2026-11-20T18:00Z', '2026-11-20T18:00:00.000Z'],
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['0s', null],
    ['25:00', null],
    ['18:60', null],
    ['2026-11-19', null],
    ['tomorrow', null],
    ['-5m', null],
    ['', null],
  ])('%j ends %s', (text, end) => {
    expect(iso(parseEnd(text, NOW))).toBe(end);
  });

  it('a typed end is in the future and in whole seconds, or it is none', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.stringMatching(/^\d{1,3}[smhd:-]?\d{0,2}$/)), text => {
        const end = parseEnd(text, NOW);
        expect(end === null || (end > NOW && end % 1_000 === 0)).toBe(true);
      }),
    );
  });
});

it('the picker offers ends to come, and one to type', () => {
  const ends = GRANT_CHOICES.map(({ end }) => end && end(NOW));
  expect(ends.filter(end => end !== null).every(end => end > NOW)).toBe(true);
  expect(ends.filter(end => end === null)).toHaveLength(1);
  expect(wholeSecond(1_001)).toBe(2_000);
  expect(wholeSecond(2_000)).toBe(2_000);
});
