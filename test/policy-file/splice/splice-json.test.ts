import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ListChange } from '../../../src/core/policy/dialect.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { changedLines } from '../changed-lines.ts';

const add = (value: string, list = 'allow'): ListChange => ({
  type: 'add',
  path: [list],
  value,
  comment: null,
});
const remove = (index: number, list = 'allow'): ListChange => ({ type: 'remove', path: [list], index });

function splice(before: string, ...changes: readonly ListChange[]): string {
  const spliced = applyChanges(before, 'json', changes);
  return spliced.type === 'spliced' ? spliced.text : `refused: ${spliced.why}`;
}

type Row = readonly [what: string, before: string, changes: readonly ListChange[], after: string];

const ROWS: readonly Row[] = [
  ['adds on one line', '{"allow":["a"]}', [add('b')], '{"allow":["a", "b"]}'],
  ['adds without blanks as before', '{"allow":["a","b"]}', [add('c')], '{"allow":["a","b","c"]}'],
  [
    'adds a line',
    '{\n  "allow": [\n    "a"\n  ]\n}\n',
    [add('b')],
    '{\n  "allow": [\n    "a",\n    "b"\n  ]\n}\n',
  ],
  [
    'adds a line with tabs and CRLF',
    '{\r\n\t"allow": [\r\n\t\t"a"\r\n\t]\r\n}',
    [add('b')],
    '{\r\n\t"allow": [\r\n\t\t"a",\r\n\t\t"b"\r\n\t]\r\n}',
  ],
  ['adds to an empty list', '{"allow": []}', [add('b')], '{"allow": ["b"]}'],
  [
    'adds to an empty list of two lines',
    '{\n  "allow": [\n  ]\n}',
    [add('b')],
    '{\n  "allow": [\n    "b"\n  ]\n}',
  ],
  ['adds to null', '{"allow": null}', [add('b')], '{"allow": ["b"]}'],
  ['adds to a key in its own case', '{"ALLOW": ["a"]}', [add('b', 'ALLOW')], '{"ALLOW": ["a", "b"]}'],
  ['adds a key on one line', '{"p":["z"]}', [add('b')], '{"p":["z"], "allow":["b"]}'],
  [
    'adds a key on a line',
    '{\n    "p": ["z"]\n}\n',
    [add('b')],
    '{\n    "p": ["z"],\n    "allow": ["b"]\n}\n',
  ],
  ['adds a key to nothing', '{}', [add('b')], '{"allow": ["b"]}'],
  ['adds a key to nothing on lines', '{\n}\n', [add('b')], '{\n  "allow": ["b"]\n}\n'],
  [
    'leaves a comment out',
    '{"allow": ["a"]}',
    [{ ...add('b'), type: 'add', comment: 'x' } as ListChange],
    '{"allow": ["a", "b"]}',
  ],
  ['escapes', '{"allow": ["a"]}', [add('"\\')], '{"allow": ["a", "\\"\\\\"]}'],
  [
    'does not take a # in a text for a comment',
    '{"allow": ["#a",\n "#b"]}',
    [remove(0)],
    '{"allow": ["#b"]}',
  ],
  ['removes the first', '{"allow": ["a", "b"]}', [remove(0)], '{"allow": ["b"]}'],
  ['removes the last', '{"allow": ["a" , "b" ]}', [remove(1)], '{"allow": ["a" ]}'],
  ['removes the only one', '{\n  "allow": [\n    "a"\n  ]\n}\n', [remove(0)], '{\n  "allow": []\n}\n'],
  ['removes a line', '{"allow": [\n  "a",\n  "b",\n  "c"\n]}', [remove(1)], '{"allow": [\n  "a",\n  "c"\n]}'],
  ['removes the last line', '{"allow": [\n  "a",\n  "b"\n]}', [remove(1)], '{"allow": [\n  "a"\n]}'],
  ['replaces', '{"allow": ["a", "b"]}', [remove(0), add('c')], '{"allow": ["b", "c"]}'],
  ['refuses what is no list', '{"allow": "a"}', [add('b')], 'refused: allow is not a list'],
  ['refuses what is no object', '[]', [add('b')], 'refused: the document is not an object'],
  [
    'refuses a key that stands there twice',
    '{"allow": ["a"], "allow": []}',
    [add('b')],
    'refused: the edit would change more than the entries named; edit this file by hand',
  ],
];

describe('in JSON a change', () => {
  it.each(ROWS)('a change in JSON %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
  it('a change of nothing in JSON is refused', () =>
    expect(splice('', add('b'))).toMatch(/^refused: line 1: a value is missing before the end/));
  it('a change of JSON with comments is refused', () =>
    expect(splice('{"allow": [] /* x */}', add('b'))).toMatch(/^refused: /));
});

describe('the sample policy', () => {
  const sample = readFileSync(new URL('../../fixtures/microagent.json', import.meta.url), 'utf8');
  it.each([
    [
      add('b'),
      [
        '-      "registry.mods.test", "docs.rs", "API.GitHub.com.", "en.wikipedia.org" ],',
        '+      "registry.mods.test", "docs.rs", "API.GitHub.com.", "en.wikipedia.org", "b" ],',
      ],
    ],
    [
      remove(4),
      [
        '-      "registry.mods.test", "docs.rs", "API.GitHub.com.", "en.wikipedia.org" ],',
        '+      "registry.mods.test", "API.GitHub.com.", "en.wikipedia.org" ],',
      ],
    ],
    [
      remove(0, 'passthrough'),
      ['-  "passthrough": [ "pinned.vendor.example"', '-  ]', '+  "passthrough": []'],
    ],
  ])('%j', (change, lines) => expect(changedLines(sample, splice(sample, change))).toEqual(lines));
});
