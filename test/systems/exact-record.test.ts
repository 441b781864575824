import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactRecord } from '../../src/systems/exact-record.ts';
import { often } from '../runs.ts';

const writtenAgain = (line: string): string =>
  JSON.stringify(exactRecord(JSON.parse(line) as Readonly<Record<string, unknown>>, line));

describe('a record is written out with the digits it came with', () => {
  it.each([
    ['nanoseconds beyond 2^53', '{"seq":17,"timestamp_ns":1795078600675451945}'],
    ['the largest 64-bit number', '{"seq":18446744073709551615,"timestamp_ns":18446744073709551614}'],
    ['a negative one', '{"n":-9007199254740993}'],
    [
      'a text that looks like the field',
      String.raw`{"payload":"{\"n\":9007199254740992}","n":9007199254740993}`,
    ],
    ['another object with the field', '{"n":9007199254740993,"other":{"n":1}}'],
  ])('a record is written with the digits it came with: %s', (_, line) =>
    expect(writtenAgain(line)).toBe(line),
  );

  it('blanks around the colon are no digits', () =>
    expect(writtenAgain('{"n" :\t9007199254740993}')).toBe('{"n":9007199254740993}'));
});

it.each([
  '1e400',
  '-1e400',
  '1E3',
  '1.0',
  '0.10',
  '-0',
  '9223372036854775808',
  '0.333333333333333333333333333333',
  '100000000000000000000000',
])('the number %s stays as it was written, at any depth', written => {
  for (const line of [
    `{"n":${written}}`,
    `{"a":[{"b":[${written},1]}]}`,
    `{"a":{"n":${written}},"n":${written}}`,
    `{"n": ${written} }`,
  ])
    expect(writtenAgain(line)).toBe(line.replaceAll(' ', ''));
});

it('every record comes back with each of its numbers as written', () => {
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.stringMatching(/^(?:0|[1-9]\d{0,30})$/),
      fc.stringMatching(/^(?:\.\d{1,30})?$/),
      fc.stringMatching(/^(?:[eE][+-]?\d{1,3})?$/),
    )
    .map(parts => parts.join(''));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), number), { maxLength: 4 }), fields => {
      const unique = [...new Map(fields)];
      const line = `{${unique.map(([key, value]) => `"${key}":[${value}]`).join()}}`;
      expect(writtenAgain(line)).toBe(line);
    }),
    { numRuns: often(2_000) },
  );
});

it('a record without such numbers stays the same object', () => {
  const record = { seq: 1, time: 1.5, text: '9007199254740993' };
  expect(exactRecord(record, JSON.stringify(record))).toBe(record);
});

it('a line of nothing but such fields is not searched for each of them', () => {
  const line = `{${Array.from({ length: 40_000 }, (_, at) => `"k${at}":9007199254740993`).join()}}`;
  const before = performance.now();
  writtenAgain(line);
  expect(performance.now() - before).toBeLessThan(5_000);
});
