import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameOfToken, subjectToken } from '../../../src/sources/nats/subject-token.ts';
import { runs } from '../../runs.ts';

const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

it('a token has only letters, digits, - and _, and leads back to its name', () => {
  fc.assert(
    fc.property(names, name => {
      const token = subjectToken(name);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(nameOfToken(token)).toBe(name);
    }),
    { numRuns: runs(1000) },
  );
});

it.each(['', '_', '_4', '_41', '_c3_a4', 'a.b', 'a*', '_FF'])(
  'the token %j, which no name has, is told',
  token => {
    expect(nameOfToken(token)).toBeNull();
  },
);

it('an empty name and one that is too long have no token', () => {
  expect(() => subjectToken('')).toThrow(RangeError);
  expect(() => subjectToken('.'.repeat(86))).toThrow(RangeError);
});
