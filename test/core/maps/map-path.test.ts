import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/event.ts';
import {
  holdsSomething,
  JsonTexts,
  parsePath,
  pathReader,
  spelledKey,
} from '../../../src/core/maps/map-path.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

/** All values that a path leads to. */
function valuesAt(path: string, record: JsonObject): readonly unknown[] {
  const parsed = parsePath(path);
  if (!('steps' in parsed)) throw new Error(parsed.why);
  const found: unknown[] = [];
  pathReader(parsed, new JsonTexts())(record, value => {
    found.push(value);
    return false;
  });
  return found;
}

const RECORD = JSON.parse(
  '{"a":{"b":[1,{"c":"x"},null],"with.dot":2},"@t":3,"log":"{\\"host\\":\\"h\\",\\"in\\":\\"[7]\\"}","__proto__":{"p":4},"list":[]}',
) as JsonObject;

describe('a path', () => {
  it.each([
    ['a.b[0]', [1]],
    ['a.b[1].c', ['x']],
    ['a.b[9]', [undefined]],
    ['a.b[*].c', [undefined, 'x', undefined]],
    ['list[*].c', [undefined]],
    ['a."with.dot"', [2]],
    ['"a"."b"[0]', [1]],
    ['@t', [3]],
    ['log:json.host', ['h']],
    ['log:json.in:json[0]', [7]],
    ['a:json.b[0]', [1]],
    ['a.b.c', [undefined]],
    ['__proto__.p', [4]],
    ['constructor', [undefined]],
    ['a.toString', [undefined]],
  ])('%s leads to %j', (path, expected) => {
    expect(valuesAt(path, RECORD)).toEqual(expected);
  });

  it.each([
    ['', 0, 'the path is empty'],
    ['[0]', 0, 'a path begins with a key'],
    ['.a', 0, 'a path begins with a key'],
    ['a..b', 1, '..b is no part of a path'],
    ['a b', 1, ' b is no part of a path'],
    ['a[-1]', 1, '[-1] is no part of a path'],
    ['a"b"', 1, 'a dot is missing between two keys'],
    [Array.from({ length: 17 }, () => 'a').join('.'), 0, 'a path has at most 16 steps'],
    ['a:json:json:json', 0, 'a path reads at most 2 texts as JSON'],
  ])('%j is refused at its character %i', (path, offset, why) => {
    expect(parsePath(path)).toEqual({ offset, why });
  });

  it('finds any key of a record by its spelling', () => {
    fc.assert(
      fc.property(fc.string({ unit: ANY_CHARACTER }), fc.integer(), (key, value) => {
        const record = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as JsonObject;
        expect(valuesAt(spelledKey(key), record)).toEqual([record[key]]);
      }),
    );
  });

  it('parses a text once for all paths into it, and again when it changes', () => {
    const texts = new JsonTexts();
    const first = texts.read('log', '{"a":1}');
    expect(texts.read('log', '{"a":1}')).toBe(first);
    expect(texts.read('log', '{"a":2}')).toEqual({ a: 2 });
    expect(texts.read('log', 'no JSON')).toBeUndefined();
  });
});

it.each([
  [undefined, false],
  [null, false],
  ['', false],
  [[], false],
  [{}, false],
  [0, true],
  [false, true],
  [' ', true],
  [[null], true],
])('%j holds something: %s', (value, expected) => {
  expect(holdsSomething(value)).toBe(expected);
});
