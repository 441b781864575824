import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesAll, recordTest } from '../../../src/core/maps/conditions.ts';
import type { MapTest } from '../../../src/core/maps/field-map.ts';
import { JsonTexts } from '../../../src/core/maps/map-path.ts';
import type { JsonObject } from '../../../src/core/event.ts';
import { runs } from '../../runs.ts';

const holds = (test: MapTest, record: JsonObject): boolean =>
  recordTest([{ path: { text: 'v', steps: [{ type: 'key', key: 'v' }] }, test }], new JsonTexts())(record);

/** A pattern as a regular expression: another way to the same answer. */
const asRegExp = (pattern: string): RegExp =>
  new RegExp(
    `^${[...pattern.matchAll(/\\[\\*]|[\s\S]/g)]
      .map(([sign]) =>
        sign === '*'
          ? '[^]*'
          : (sign.length > 1 ? sign.slice(1) : sign).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
      )
      .join('')}$`,
  );

describe('a condition', () => {
  const is = (...patterns: string[]): MapTest => ({ type: 'is', patterns });
  const not = (...patterns: string[]): MapTest => ({ type: 'not', patterns });
  const other = (...patterns: string[]): MapTest => ({ type: 'other', patterns });
  const exists = (wanted: boolean): MapTest => ({ type: 'exists', wanted });

  it.each([
    [is('deny'), 'deny', true],
    [is('deny'), 'DENY', false],
    [is('true'), true, true],
    [is('true'), 'true', true],
    [is('403'), 403, true],
    [is('403'), '403', true],
    [is('null'), null, false],
    [is('[object Object]'), {}, false],
    [is('rbac_*'), 'rbac_access_denied', true],
    [is('rbac_*'), 'xrbac_', false],
    [is('*denied*'), 'was denied by rule', true],
    [is('a*a'), 'a', false],
    [is('\\*'), '*', true],
    [is('\\*'), 'x', false],
    [not('deny'), 'allow', true],
    [not('deny'), undefined, true],
    [not('deny'), 'deny', false],
    [other('deny'), 'allow', true],
    [other('deny'), undefined, false],
    [other('deny'), '', false],
    [other('deny'), 'deny', false],
    [exists(true), 0, true],
    [exists(true), '', false],
    [exists(false), undefined, true],
    [exists(false), null, true],
    [exists(false), 'x', false],
  ] as const)('%j of %j is %s', (test, value, expected) => {
    expect(holds(test, value === undefined ? {} : { v: value })).toBe(expected);
  });

  it('matches stars as a regular expression would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '.') });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        expect([pattern, text, holds(is(pattern), { v: text })]).toEqual([
          pattern,
          text,
          asRegExp(pattern).test(text),
        ]);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('answers in a moment, however many stars and however long the text', () => {
    const pattern = '*a'.repeat(1_000) + 'b';
    const started = performance.now();
    expect(holds(is(pattern), { v: 'a'.repeat(1_000_000) })).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each([
    ['*', true],
    ['**', true],
    ['', false],
    ['\\*', false],
    ['a*', false],
  ])('%j takes every text: %s', (pattern, expected) => {
    expect(matchesAll(pattern)).toBe(expected);
  });
});
