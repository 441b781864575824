import fc from 'fast-check';
import { expect, it } from 'vitest';
import { count } from '../../src/core/record.ts';

const counted = (value: unknown): number | null => count({ value }, 'value');

it('a number written as text is the same count as the number itself', () => {
  const number = fc.oneof(
    fc.nat(),
    fc.nat(1e9).map(thousandths => thousandths / 1e3),
  );
  fc.assert(
    fc.property(number, value => {
      expect(counted(String(value))).toBe(value);
      expect(counted(value)).toBe(value);
    }),
  );
});

it.each([
  '',
  ' ',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.',
  '.5',
  '1e3',
  '0x10',
  '1,5',
  '1_000',
  'NaN',
  'Infinity',
  '12px',
  '٣',
  '9'.repeat(400),
  '9007199254740993',
])('the text %j is no count', value => {
  expect(counted(value)).toBeNull();
});

it.each([
  -1,
  1e308,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  null,
  [200],
  ['200'],
  {},
  undefined,
])('the value %s is no count', value => {
  expect(counted(value)).toBeNull();
});
