import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCalendar } from '../../../../src/app/select/text/calendar.ts';
import {
  clock,
  milliseconds,
  short,
  sparkline,
  timeAgo,
  timeLeft,
} from '../../../../src/app/select/text/format.ts';

await loadCalendar();

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('a short count', () => {
  it.each([
    [0, '0'],
    [9_999, '9999'],
    [9_999.6, '10.0k'],
    [12_345, '12.3k'],
    [99_949, '99.9k'],
    [99_950, '100k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [1_250_000, '1.3M'],
    [5e9, '5.0G'],
  ])('the short count of %d is %s', (count, shown) => {
    expect(short(count)).toBe(shown);
  });

  it('a short count takes at most five characters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), count => short(count).length <= 5),
    );
  });
});

describe('a duration', () => {
  it.each([
    [null, '-'],
    [0, '0ms'],
    [999.4, '999ms'],
    [999.6, '1.0s'],
    [1_234, '1.2s'],
    [59_960, '1m0s'],
    [119_700, '2m0s'],
    [190_000, '3m10s'],
    [3_599_600, '1h00m'],
    [7_500_000, '2h05m'],
  ])('a duration of %d ms is %s', (durationMs, shown) => {
    expect(milliseconds(durationMs)).toBe(shown);
  });

  it('fits its column of seven cells up to a thousand hours', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3.5e9, noNaN: true }), ms => milliseconds(ms).length <= 7),
    );
  });
});

describe('times', () => {
  it('show the clock today, and the date of another day', () => {
    expect(clock(Date.parse('2026-11-20T08:01:02Z'), NOW)).toBe('08:01:02');
    expect(clock(Date.parse('2026-11-19T08:01:02Z'), NOW)).toBe('11-19 08:01:02');
    expect(clock(null, NOW)).toBe('-');
  });

  it.each([
    [72 * 60_000, '1 hour 12 minutes'],
    [59_999, '60 seconds'],
    [1, '1 second'],
    [0, 'over'],
    [-1, 'over'],
    [60_000, '1 minute'],
  ])('%d ms left are told as %s', (left, shown) => {
    expect(timeLeft(NOW + left, NOW)).toBe(shown);
  });
});

it.each([
  [0, '0 seconds ago'],
  [59_999, '59 seconds ago'],
  [3 * 3_600_000 + 1, '3 hours ago'],
  [26 * 3_600_000, '1 day ago'],
  [-90_000, 'in 1 minute'],
])('an instant %d ms in the past is told as %s', (past, shown) => {
  expect(timeAgo(NOW - past, NOW)).toBe(shown);
});

describe('a sparkline', () => {
  it('a sparkline has one bar a value: the highest full, zero blank, and any other visible', () => {
    expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█');
    expect(sparkline([0, 0])).toBe('  ');
    expect(sparkline([1, 1_000_000])).toBe('▁█');
  });
});
