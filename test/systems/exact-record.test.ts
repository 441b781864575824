import { describe, expect, it } from 'vitest';
import { exactRecord } from '../../src/systems/exact-record.ts';

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
  ])('%s', (_, line) => expect(writtenAgain(line)).toBe(line));

  it('blanks around the colon are no digits', () =>
    expect(writtenAgain('{"n" :\t9007199254740993}')).toBe('{"n":9007199254740993}'));
});

it('digits that two objects could own are left to the parser', () => {
  const line = '{"other":{"n":9007199254740993},"n":9007199254740992}';
  expect(writtenAgain(line)).toBe('{"other":{"n":9007199254740992},"n":9007199254740992}');
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
