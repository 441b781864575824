import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListChange } from '../../../src/core/policy/dialect.ts';
import { readJsonString, withinJsonString } from '../../../src/core/text/json-string.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

const ITEM = { verdict: 'allow' };
const add = (value: string, ...path: readonly (string | number)[]): ListChange => ({
  type: 'add',
  path,
  value,
  comment: 'egresstop: until then',
});
const remove = (index: number, ...path: readonly (string | number)[]): ListChange => ({
  type: 'remove',
  path,
  index,
});
const insert = (index: number): ListChange => ({ type: 'insert', path: ['r'], index, item: ITEM });
const within = (change: ListChange, ...inner: readonly string[]): ListChange =>
  change.type === 'insert' ? change : { ...change, within: inner };

function splice(before: string, ...changes: readonly ListChange[]): string {
  const spliced = applyChanges(before, 'jsonc', changes);
  return spliced.type === 'spliced' ? spliced.text : `refused: ${spliced.why}`;
}

type Row = readonly [what: string, before: string, changes: readonly ListChange[], after: string];

const ROWS: readonly Row[] = [
  [
    'adds before a trailing comma',
    '{"a": ["x", "y",]} // end\n',
    [add('z', 'a')],
    '{"a": ["x", "y", "z",]} // end\n',
  ],
  [
    'adds a line below a comment',
    '{"a": [\n  "x", // one, two\n]}',
    [add('y', 'a')],
    '{"a": [\n  "x", // one, two\n  "y",\n]}',
  ],
  [
    'adds a line where no comma stood',
    '{"a": [\n  "x" // one\n]}',
    [add('y', 'a')],
    '{"a": [\n  "x", // one\n  "y"\n]}',
  ],
  [
    'removes a line with its comment',
    '{"a": [\n  "x", // one\n  "y" /* two */\n]}',
    [remove(0, 'a')],
    '{"a": [\n  "y" /* two */\n]}',
  ],
  [
    'leaves the comment above',
    '{"a": [\n  // about x\n  "x",\n  "y"\n]}',
    [remove(0, 'a')],
    '{"a": [\n  // about x\n  "y"\n]}',
  ],
  [
    'knows a string from a comment',
    '{"u": "https://x", "a": ["// x", "# y", "/* z"]}',
    [remove(1, 'a')],
    '{"u": "https://x", "a": ["// x", "/* z"]}',
  ],
  ['adds behind a byte order mark', '\uFEFF{"a": []}', [add('x', 'a')], '\uFEFF{"a": ["x"]}'],
  [
    'inserts first',
    '{"r": [\n  {"n": 1}\n]}',
    [insert(0)],
    '{"r": [\n  { "verdict": "allow" },\n  {"n": 1}\n]}',
  ],
  [
    'inserts behind the one before, above the comment',
    '{"r": [\n  {"n": 1}, // one\n  // two\n  {"n": 2},\n]}',
    [insert(1)],
    '{"r": [\n  {"n": 1}, // one\n  { "verdict": "allow" },\n  // two\n  {"n": 2},\n]}',
  ],
  [
    'inserts last',
    '{"r": [\n  {"n": 1}\n]}',
    [insert(1)],
    '{"r": [\n  {"n": 1},\n  { "verdict": "allow" }\n]}',
  ],
  [
    'inserts on one line',
    '{"r": [{"n": 1}, {"n": 2}]}',
    [insert(1)],
    '{"r": [{"n": 1}, { "verdict": "allow" }, {"n": 2}]}',
  ],
  [
    'changes a list within a list',
    '{"r": [{"a": ["x"]}, {"a": ["y"]}]}',
    [add('z', 'r', 1, 'a'), remove(0, 'r', 1, 'a'), remove(0, 'r')],
    '{"r": [{"a": ["z"]}]}',
  ],
  [
    'adds within a string',
    '{"s": "{\\"a\\":[\\"x\\",\\"y\\"]}"}',
    [within(add('z"', 's'), 'a')],
    '{"s": "{\\"a\\":[\\"x\\",\\"y\\",\\"z\\\\\\"\\"]}"}',
  ],
  [
    'removes within a string',
    '{"s": "{\\"a\\":[\\"\\\\u0078\\",\\"y\\"]}"}',
    [within(remove(1, 's'), 'a')],
    '{"s": "{\\"a\\":[\\"\\\\u0078\\"]}"}',
  ],
  [
    'adds a key within a string',
    '{"s": "{\\"b\\":[]}"}',
    [within(add('x', 's'), 'a')],
    '{"s": "{\\"b\\":[], \\"a\\":[\\"x\\"]}"}',
  ],
  [
    'refuses a string that holds no JSON',
    '{"s": "{"}',
    [within(add('x', 's'), 'a')],
    'refused: the edit would change more than the entries named; edit this file by hand',
  ],
  [
    'refuses to look into what is no string',
    '{"s": {}}',
    [within(add('x', 's'), 'a')],
    'refused: s is not a string that holds JSON',
  ],
  ['refuses broken JSON', '{"a": [}', [add('x', 'a')], 'refused: line 1: a value is missing before }'],
];

describe('in JSON with comments a change', () => {
  it.each(ROWS)('a change in JSON with comments %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('a string that holds JSON', () => {
  const text = fc.string({ unit: ANY_CHARACTER });

  it('a JSON string is read as JSON.parse reads it, each unit at its place, however it is spelled', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (value, isEscaped) => {
        const literal = isEscaped
          ? `"${[...Array(value.length).keys()].map(at => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
          : JSON.stringify(value);
        const read = readJsonString(literal);
        expect(read.text).toBe(JSON.parse(literal));
        expect(read.offsets).toHaveLength(read.text.length + 1);
        for (let at = 0; at < read.text.length; at += 1)
          expect(readJsonString(`"${literal.slice(read.offsets[at], read.offsets[at + 1])}"`).text).toBe(
            read.text[at],
          );
      }),
    );
  });

  it('gains any name and loses it again, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (names, name) => {
        const before = `{ "s": "${withinJsonString(JSON.stringify({ a: names }))}" } // kept\n`;
        const after = splice(before, within(add(name, 's'), 'a'));
        expect(splice(after, within(remove(names.length, 's'), 'a'))).toBe(before);
      }),
    );
  });
});
