import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseDuration,
  parseInstant,
  parseMoment,
  parseRfc3339,
  parseUnix,
  toIso,
  toIsoSeconds,
} from '../../src/core/time.ts';

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));

describe('an RFC 3339 time is read', () => {
  it.each([
    ['2026-06-16T00:00:01Z', '2026-06-16T00:00:01.000Z'],
    ['2026-06-16T00:00:01.5Z', '2026-06-16T00:00:01.500Z'],
    ['2026-06-16T00:00:01.25Z', '2026-06-16T00:00:01.250Z'],
    ['2026-06-16T00:00:01.999999999Z', '2026-06-16T00:00:01.999Z'],
    ['2026-11-19T09:30:00.000000001Z', '2026-11-19T09:30:00.000Z'],
    ['2026-11-19t09:30:00z', '2026-11-19T09:30:00.000Z'],
    ['2026-11-19 09:30:00Z', '2026-11-19T09:30:00.000Z'],
    ['2026-11-19T11:40:03+02:00', '2026-11-19T09:40:03.000Z'],
    ['2026-11-19T11:40:03.25-0530', '2026-11-19T17:10:03.250Z'],
    ['2026-11-19T09:30:00', '2026-11-19T09:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-06-16T00:00:01,25Z', '2026-06-16T00:00:01.250Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['2016-12-31T23:59:60.5Z', '2016-12-31T23:59:59.999Z'],
    ['2017-01-01T00:59:60+01:00', '2016-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, expected) => {
    expect(iso(parseRfc3339(text))).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-11-19',
    '2026-11-19T09:30Z',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-19T24:00:00Z',
    '2026-11-19T09:61:00Z',
    '2026-11-19T09:30:61Z',
    '2026-11-19T09:30:00.1234567890Z',
    '2026-11-19T09:30:00+25:00',
    '2026-11-19T09:30:00Z trailing',
  ])('the text %j is no instant', text => {
    expect(parseRfc3339(text)).toBeNull();
  });

  it('with any number of fraction digits and any offset, as the same instant', () => {
    const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.stringMatching(/^\d{0,6}$/),
        (date, offset, more) => {
          const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
          const zone = `${offset < 0 ? '-' : '+'}${[hours, minutes].map(part => String(part).padStart(2, '0')).join(':')}`;
          expect(parseRfc3339(`${local}${more}${zone}`)).toBe(date.getTime());
        },
      ),
    );
  });
});

describe('a unix time is read, its size telling the unit', () => {
  it.each<[unknown, string | null]>([
    [1_795_075_221, '2026-11-19T08:00:21.000Z'],
    ['1795075221', '2026-11-19T08:00:21.000Z'],
    [1_795_075_222.5, '2026-11-19T08:00:22.500Z'],
    [1_795_075_222_000, '2026-11-19T08:00:22.000Z'],
    ['1795075222123', '2026-11-19T08:00:22.123Z'],
    [1_795_075_222_123_456, '2026-11-19T08:00:22.123Z'],
    ['1795075222123456', '2026-11-19T08:00:22.123Z'],
    [1_774_290_909.186, '2026-03-23T18:35:09.186Z'],
    ['1774290909.186', '2026-03-23T18:35:09.186Z'],
    ['1774290909.001', '2026-03-23T18:35:09.001Z'],
    [1_795_075_222_123_456_789n, '2026-11-19T08:00:22.123Z'],
    ['1795075222123456789', '2026-11-19T08:00:22.123Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ['-1', null],
    ['', null],
    ['1e9', null],
    ['0x10', null],
    [10n ** 30n, null],
    [null, null],
    [undefined, null],
    [true, null],
    [[1_795_075_221], null],
  ])('%s is %s', (value, expected) => {
    expect(iso(parseUnix(value))).toBe(expected);
  });
});

it('a recorded -0 is the instant 0, whose sign nobody keeps', () => {
  expect(parseUnix(-0)).toBe(0);
});

it('an instant is either spelling, and whatever is neither is null, never an exception', () => {
  expect(parseInstant('2026-11-19T08:00:20Z')).toBe(Date.UTC(2026, 10, 19, 8, 0, 20));
  expect(parseInstant('1795075220')).toBe(1_795_075_220_000);
  fc.assert(
    fc.property(fc.anything({ withBigInt: true }), value => {
      const at = parseInstant(value);
      expect(at === null || toIso(at).length >= 24).toBe(true);
    }),
  );
});

it('whole seconds are printed without a fraction', () => {
  expect(toIsoSeconds(1_795_078_800_000)).toBe('2026-11-19T09:00:00Z');
});

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['0s', 0],
  ])('%s lasts %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '10', 'm', '10 m', '-10m', '10x', '10m!', '1h30'])('the text %j is no duration', text => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('a moment', () => {
  const now = Date.UTC(2026, 10, 19, 12);

  it.each([
    ['10m', '2026-11-19T11:50:00.000Z'],
    ['2026-11-19', '2026-11-19T00:00:00.000Z'],
    ['2026-11-19T08:30', '2026-11-19T08:30:00.000Z'],
    ['2026-11-19T08:30Z', '2026-11-19T08:30:00.000Z'],
    ['2026-11-19T08:30+01:00', '2026-11-19T07:30:00.000Z'],
    ['2026-11-19T08:30:15.5Z', '2026-11-19T08:30:15.500Z'],
  ])('the moment %s is %s', (text, expected) => {
    expect(iso(parseMoment(text, now))).toBe(expected);
  });

  it.each(['', 'now', '10', '2026-11', '2026-11-32'])('the text %j is no moment', text => {
    expect(parseMoment(text, now)).toBeNull();
  });
});

it('an instant in ISO is what a Date writes, at any time and in any order', () => {
  const instant = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: 0, max: 4e12 }));
  fc.assert(
    fc.property(fc.array(instant, { minLength: 1, maxLength: 5 }), instants => {
      for (const at of instants) expect(toIso(at)).toBe(new Date(at).toISOString());
    }),
  );
});
