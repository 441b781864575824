import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLogfmt } from '../../../src/core/maps/logfmt.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

describe('a line of logfmt', () => {
  it.each([
    ['a=1 b="x y" c=', { a: '1', b: 'x y', c: '' }],
    ['  time=2026-05-01T10:00:00Z level=WARN  ', { time: '2026-05-01T10:00:00Z', level: 'WARN' }],
    ['a.b-c="\\u0041\\"\\\\"', { 'a.b-c': 'A"\\' }],
    ['__proto__=x', JSON.parse('{"__proto__":"x"}')],
  ])('%j is read', (line, record) => {
    expect(JSON.stringify(readLogfmt(line)?.record)).toEqual(JSON.stringify(record));
  });

  it.each(['', 'a', 'a=1 b', 'a="x', 'a="\\x41"', 'a=x"y"', '=1', '{"a":1}', 'a=b=c'])(
    '%j is no line of logfmt',
    line => {
      expect(readLogfmt(line)).toBeNull();
    },
  );

  it('a key that comes twice is named', () => {
    expect(readLogfmt('a=1 b=2 a=3')).toMatchObject({ record: { a: '1', b: '2' }, twice: 'a' });
  });

  it('any pairs that are written in quotes are read back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(fc.constantFrom('a', 'b_2', 'c.d', 'e-f'), fc.string({ unit: ANY_CHARACTER })),
          {
            minLength: 1,
            selector: ([key]) => key,
          },
        ),
        pairs => {
          const line = pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ');
          expect(readLogfmt(line)?.record).toEqual(Object.fromEntries(pairs));
        },
      ),
    );
  });
});
