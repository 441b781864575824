import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ListChange } from '../../../src/core/policy/dialect.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { changedLines } from '../changed-lines.ts';

const UNTIL = 'egresstop: until 2026-11-20T18:00:00Z';
const add = (value: string, comment: string | null = null, list = 'allow'): ListChange => ({
  type: 'add',
  path: [list],
  value,
  comment,
});
const grant = (value: string): ListChange => add(value, UNTIL);
const remove = (index: number, list = 'allow'): ListChange => ({ type: 'remove', path: [list], index });

function splice(before: string, ...changes: readonly ListChange[]): string {
  const spliced = applyChanges(before, 'yaml', changes);
  return spliced.type === 'spliced' ? spliced.text : `refused: ${spliced.why}`;
}

interface Policy {
  readonly spec: { readonly network: { readonly allowlist: readonly string[] } };
}

type Row = readonly [what: string, before: string, changes: readonly ListChange[], after: string];

const ADDING: readonly Row[] = [
  ['a block list', 'allow:\n  - a\n', [add('b')], 'allow:\n  - a\n  - b\n'],
  ['a comment behind the new entry', 'allow:\n  - a\n', [grant('b')], `allow:\n  - a\n  - b  # ${UNTIL}\n`],
  [
    'a hash that the comment brings along',
    'allow:\n  - a\n',
    [add('b', '# x')],
    'allow:\n  - a\n  - b  # x\n',
  ],
  [
    'comments around',
    '# h\nallow: # l\n  # m\n  - a # c\n\n  # e\np: []\n',
    [add('b')],
    '# h\nallow: # l\n  # m\n  - a # c\n  - b\n\n  # e\np: []\n',
  ],
  ['no final line break', 'allow:\n  - a', [add('b')], 'allow:\n  - a\n  - b'],
  ['no final line break but a comment', 'allow:\n  - a # c', [add('b')], 'allow:\n  - a # c\n  - b'],
  [
    'CRLF',
    'allow:\r\n  - a # c\r\np:\r\n  - z\r\n',
    [add('b')],
    'allow:\r\n  - a # c\r\n  - b\r\np:\r\n  - z\r\n',
  ],
  ['a list that is not indented', 'allow:\n- a\np:\n- z\n', [add('b')], 'allow:\n- a\n- b\np:\n- z\n'],
  ['four blanks', 'allow:\n    - a\n', [add('b')], 'allow:\n    - a\n    - b\n'],
  ['a tab behind the dash', 'allow:\n  -\ta\n', [add('b')], 'allow:\n  -\ta\n  -\tb\n'],
  ['wide gaps', 'allow:\n  -   a\n', [add('b')], 'allow:\n  -   a\n  -   b\n'],
  [
    'an anchor on the last entry',
    'allow:\n  - &x a\np: [*x]\n',
    [add('b')],
    'allow:\n  - &x a\n  - b\np: [*x]\n',
  ],
  ['an anchor on the list', 'allow: &x\n  - a\n', [add('b')], 'allow: &x\n  - a\n  - b\n'],
  ['a quoted entry before', 'allow:\n  - "a"\n', [add('b')], 'allow:\n  - "a"\n  - b\n'],
  [
    'a text over several lines before',
    'allow:\n  - >-\n    a\n  - |-\n    b\np: []\n',
    [add('c')],
    'allow:\n  - >-\n    a\n  - |-\n    b\n  - c\np: []\n',
  ],
  ['a byte order mark', '\uFEFFallow:\n  - a\n', [add('b')], '\uFEFFallow:\n  - a\n  - b\n'],
  ['an empty list', 'allow: []\n', [add('b')], 'allow:\n  - b\n'],
  [
    'an empty list with a comment',
    'allow: []   # none\np: []\n',
    [grant('b')],
    `allow:   # none\n  - b  # ${UNTIL}\np: []\n`,
  ],
  ['an empty list without final line break', 'allow: []', [add('b')], 'allow:\n  - b'],
  ['an empty list of two lines', 'allow: [ # x\n ]\n', [add('b')], 'allow: [ # x\n  b\n ]\n'],
  ['a key without value', 'allow:\np:\n- z\n', [add('b')], 'allow:\n- b\np:\n- z\n'],
  [
    'a key without value, commented',
    'allow: # c\n  # x\np: []\n',
    [add('b')],
    'allow: # c\n  - b\n  # x\np: []\n',
  ],
  ['a key without value at the end', 'p: []\nallow:', [add('b')], 'p: []\nallow:\n  - b'],
  ['a key with null', 'allow: null # c\n', [add('b')], 'allow: # c\n  - b\n'],
  ['a key with ~', 'allow: ~\r\n', [add('b')], 'allow:\r\n  - b\r\n'],
  ['a missing key', 'p:\n    - z\n# end\n', [add('b')], 'p:\n    - z\n# end\nallow:\n    - b\n'],
  ['a missing key without final line break', 'p: [z]', [add('b')], 'p: [z]\nallow:\n  - b'],
  [
    'a missing key before the end mark',
    '---\np: [z]\n...\n',
    [add('b')],
    '---\np: [z]\nallow:\n  - b\n...\n',
  ],
  ['a missing key, CRLF', 'p: [z]\r\n', [add('b')], 'p: [z]\r\nallow:\r\n  - b\r\n'],
  ['an indented map', '  p:\n  - z\n', [add('b')], '  p:\n  - z\n  allow:\n  - b\n'],
  ['an empty file', '', [add('b')], 'allow:\n  - b\n'],
  ['comments only', '# c\n\n# d\n', [add('b')], '# c\n\n# d\nallow:\n  - b\n'],
  ['comments without final line break', '# c', [add('b')], '# c\nallow:\n  - b'],
  ['a document start', '---\n', [add('b')], '---\nallow:\n  - b\n'],
  ['a flow list', 'allow: [a]\n', [add('b')], 'allow: [a, b]\n'],
  ['a flow list with blanks', 'allow: [ a ]   # c\n', [add('b')], 'allow: [ a, b ]   # c\n'],
  ['a flow list without blanks', 'allow: [a,b]\n', [add('c')], 'allow: [a,b,c]\n'],
  ['a trailing comma', 'allow: [a, b,]\n', [add('c')], 'allow: [a, b, c,]\n'],
  ['a flow list over lines', 'allow: [\n  a,\n  b\n]\n', [add('c')], 'allow: [\n  a,\n  b,\n  c\n]\n'],
  [
    'lines and a trailing comma',
    'allow: [\n  a, # x\n  b, # y\n]\n',
    [add('c')],
    'allow: [\n  a, # x\n  b, # y\n  c,\n]\n',
  ],
  [
    'lines and a comment behind the last',
    'allow: [\n  a, # x\n  b # y\n]\n',
    [add('c')],
    'allow: [\n  a, # x\n  b, # y\n  c\n]\n',
  ],
  [
    'the bracket behind the last line',
    'allow: [ a,\n         b ] # c\n',
    [add('c')],
    'allow: [ a,\n         b,\n         c ] # c\n',
  ],
  ['the bracket behind a trailing comma', 'allow: [ a,\n  b, ]\n', [add('c')], 'allow: [ a,\n  b,\n  c, ]\n'],
  [
    'a grant in a flow list',
    'allow: [ a, b ] # c\n',
    [grant('v')],
    `allow: [ a, b,\n         v  # ${UNTIL}\n ] # c\n`,
  ],
  [
    'a grant in a flow list over lines',
    'allow: [\n  a,\n  b\n]\n',
    [grant('v')],
    `allow: [\n  a,\n  b,\n  v  # ${UNTIL}\n]\n`,
  ],
  [
    'a grant behind a trailing comma',
    'allow: [a,]\n',
    [grant('v')],
    `allow: [a,\n        v,  # ${UNTIL}\n]\n`,
  ],
  ['a document in braces', '{allow: [a], p: []}\n', [add('b')], '{allow: [a, b], p: []}\n'],
  ['a missing key in braces', '{p: [z]}\n', [add('b')], '{p: [z], allow: [b]}\n'],
  ['a missing key in empty braces', '{}\n', [add('b')], '{"allow": ["b"]}\n'],
  ['a key without value in braces', '{allow: , p: []}\n', [add('b')], '{allow: [b] , p: []}\n'],
  ['a bare key in braces', '{allow}\n', [add('b')], '{allow: [b]}\n'],
  [
    'several at once',
    'allow:\n  - a\n',
    [add('b'), add('c'), add('z', null, 'p')],
    'allow:\n  - a\n  - b\n  - c\np:\n  - z\n',
  ],
];

const REMOVING: readonly Row[] = [
  ['the first', 'allow:\n  - a\n  - b\n', [remove(0)], 'allow:\n  - b\n'],
  ['the last', 'allow:\n  - a\n  - b\n', [remove(1)], 'allow:\n  - a\n'],
  ['the last without final line break', 'allow:\n  - a\n  - b', [remove(1)], 'allow:\n  - a'],
  [
    'the comment behind it goes, the one above stays',
    'allow:\n  - a\n  # about b\n  - b # c\n  - d\n',
    [remove(1)],
    'allow:\n  - a\n  # about b\n  - d\n',
  ],
  ['the only one', 'allow:\n  - a\np:\n  - z\n', [remove(0)], 'allow: []\np:\n  - z\n'],
  [
    'the only one, comments around',
    'allow:  # l\n  # m\n  - a # c\n  # n\n',
    [remove(0)],
    'allow: []  # l\n  # m\n  # n\n',
  ],
  ['the only one without final line break', 'allow:\n  - a', [remove(0)], 'allow: []'],
  ['the only one under an anchor', 'allow: &x\n  - a\n', [remove(0)], 'allow: &x []\n'],
  ['one of several lines', 'allow:\n  - >-\n    a\n  - b\n', [remove(0)], 'allow:\n  - b\n'],
  ['CRLF', 'allow:\r\n  - a # c\r\n  - b\r\n', [remove(0)], 'allow:\r\n  - b\r\n'],
  ['all at once', 'allow:\n  - a\n  - b\n', [remove(0), remove(1)], 'allow: []\n'],
  ['one named twice', 'allow:\n  - a\n  - b\n', [remove(0), remove(0)], 'allow:\n  - b\n'],
  [
    'the only one while another comes',
    'allow:\n  - a\n',
    [remove(0), grant('a')],
    `allow:\n  - a  # ${UNTIL}\n`,
  ],
  ['first of a flow list', 'allow: [ a, b, c ]\n', [remove(0)], 'allow: [ b, c ]\n'],
  ['middle of a flow list', 'allow: [ a, b, c ]\n', [remove(1)], 'allow: [ a, c ]\n'],
  ['last of a flow list', 'allow: [ a, b, c ] # x\n', [remove(2)], 'allow: [ a, b ] # x\n'],
  ['last before a trailing comma', 'allow: [a, b,]\n', [remove(1)], 'allow: [a,]\n'],
  ['only one of a flow list', 'allow: [ a ] # x\n', [remove(0)], 'allow: [] # x\n'],
  ['only one before a trailing comma', 'allow: [ a, ]\n', [remove(0)], 'allow: []\n'],
  ['a line of a flow list', 'allow: [\n  a,\n  b, # b\n  c\n]\n', [remove(1)], 'allow: [\n  a,\n  c\n]\n'],
  ['the last line of a flow list', 'allow: [\n  a, # a\n  b # b\n]\n', [remove(1)], 'allow: [\n  a # a\n]\n'],
  ['the last line before a trailing comma', 'allow: [\n  a,\n  b,\n]\n', [remove(1)], 'allow: [\n  a,\n]\n'],
  [
    'the only line of a flow list',
    'allow: [\n  # keep\n  a, # a\n]\n',
    [remove(0)],
    'allow: [\n  # keep\n]\n',
  ],
  ['the last on a line of two', 'allow: [ a, b,\n  c ]\n', [remove(1)], 'allow: [ a,\n  c ]\n'],
  [
    'the last on a commented line',
    'allow: [ a, b, # both\n  c ]\n',
    [remove(1)],
    'allow: [ a, # both\n  c ]\n',
  ],
  ['the first line of two', 'allow: [ a,\n  b ]\n', [remove(0)], 'allow: [ b ]\n'],
  [
    'the first line of two with comments',
    'allow: [ a, # a\n  # above b\n  b ]\n',
    [remove(0)],
    'allow: [\n  # above b\n  b ]\n',
  ],
  ['the last line with the bracket', 'allow: [ a, # a\n  b ]\n', [remove(1)], 'allow: [ a # a\n   ]\n'],
  ['an entry with an anchor', 'allow: [ a, &x b, c ]\n', [remove(1)], 'allow: [ a, c ]\n'],
];

const REFUSED: readonly Row[] = [
  [
    'an alias',
    'p: &x\n  - a\nallow: *x\n',
    [add('b')],
    'allow is an alias of another list (*x); edit that one by hand',
  ],
  [
    'a list with aliases',
    'allow: &x\n  - a\np: *x\n',
    [add('b')],
    'the edit would change more than the entries named; edit this file by hand',
  ],
  [
    'an anchor in use',
    'allow:\n  - &x a\np: [*x]\n',
    [remove(0)],
    'the edit would leave an invalid file: Unresolved alias (the anchor must be set before the alias): x',
  ],
  ['no list', 'allow: a\n', [add('b')], 'allow is not a list'],
  ['no map', '- a\n', [add('b')], 'the document is not a map'],
  ['no such item', 'allow:\n  - a\n', [remove(3)], 'there is no item 3 in allow'],
  ['no list to remove from', 'p: []\n', [remove(0)], 'there is no list at allow'],
  ['a text that does not parse', 'allow: [a\n', [add('b')], 'line 1: a [ is not closed'],
  ['two documents', 'allow: []\n---\nallow: []\n', [add('b')], 'line 2: more than one document in the file'],
];

it.each([
  ['a key with nothing behind it', 'net:\nx: 1\n', 'net:\n  list:\n    - a\nx: 1\n'],
  ['a null that is written', 'net: ~ # why\n', 'net: # why\n  list:\n    - a\n'],
  ['a comment alone below it', 'net:\n  # why\n', 'net:\n  list:\n    - a\n  # why\n'],
  ['CRLF', 'net:\r\nx: 1\r\n', 'net:\r\n  list:\r\n    - a\r\nx: 1\r\n'],
  ['braces', '{net: , x: 1}\n', '{net: {list: [a]} , x: 1}\n'],
  ['a null in braces', '{net: null}\n', '{net: {list: [a]}}\n'],
])('a list is made below %s', (_, before, after) => {
  expect(splice(before, { type: 'add', path: ['net', 'list'], value: 'a', comment: null })).toBe(after);
});

describe('an entry is added to', () => {
  it.each(ADDING)('an entry is added to %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('an entry is removed', () => {
  it.each(REMOVING)('an entry is removed %s', (_, before, changes, after) =>
    expect(splice(before, ...changes)).toBe(after),
  );
});

describe('a grant goes into a bracketed list that stands deep in a document, and comes out without a trace', () => {
  it.each([
    ['on its own line', 'spec:\n  network:\n    allowlist: ["a"] # c\n  budget: {}\n'],
    ['with blanks inside', 'spec:\n  network:\n    allowlist: [ "a", "b" ]\n'],
    ['inside braces', 'spec:\n  network: {allowlist: ["a",] }\n'],
    ['empty inside braces', 'spec:\n  network: {allowlist: []}\n'],
    ['empty inside braces over lines', 'spec:\n    network: {\n      allowlist: [] }\n'],
    ['all in braces', '{spec: {network: {allowlist: [a]}}}\n'],
  ])(
    'a grant goes into a bracketed list deep in a document, and comes out without a trace: %s',
    (_, before) => {
      const path = ['spec', 'network', 'allowlist'];
      const count = (parse(before) as Policy).spec.network.allowlist.length;
      const after = splice(before, { type: 'add', path, value: 'v', comment: UNTIL });
      expect((parse(after) as Policy).spec.network.allowlist).toHaveLength(count + 1);
      expect(splice(after, { type: 'remove', path, index: count })).toBe(before);
    },
  );
});

it('a grant fills a key without value inside braces that stand deep in a document', () => {
  const path = ['spec', 'network', 'allowlist'];
  const after = splice('spec:\n      network: {allowlist: }\n', {
    type: 'add',
    path,
    value: 'v',
    comment: UNTIL,
  });
  expect((parse(after) as Policy).spec.network.allowlist).toEqual(['v']);
});

describe('nothing is edited where the edit cannot be told apart', () => {
  it.each(REFUSED)('an edit that is ambiguous is refused: %s', (_, before, changes, why) =>
    expect(splice(before, ...changes)).toBe(`refused: ${why}`),
  );
});

describe('a new entry is quoted only where YAML needs it', () => {
  it.each([
    '.pypi.org',
    'api.example.com',
    '1.2.3.4',
    '2001:db8::1',
    'a:443',
    'https://a.example/x',
    'bücher.example',
    '_x',
    'a*',
  ])('the new entry %s needs no quotes', value =>
    expect(changedLines('allow:\n  - a\n', splice('allow:\n  - a\n', add(value)))).toEqual([`+  - ${value}`]),
  );
  it.each([
    '*',
    '*.x',
    '@x',
    '- x',
    'a: b',
    'a #b',
    '#x',
    '1.5',
    '443',
    '.5',
    '.inf',
    '0x1f',
    '1e3',
    'null',
    '~',
    'yes',
    'No',
    'on',
    'y',
    'true',
    '2026-11-20',
    '190:20:30',
    '1_000',
    'a,b',
    'a b',
    '[x]',
    '{x}',
    '!x',
    '&x',
    '"x"',
    "'x'",
    'x:',
    ':x',
    '%x',
    '...',
    '---',
    '',
    ' x',
    'x\ty',
    'x\ny',
    '\u0007',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '<<',
    '=',
  ])('%j gets quotes', value =>
    expect(changedLines('allow:\n  - a\n', splice('allow:\n  - a\n', add(value)))[0]).toMatch(/^\+ {2}- "/),
  );
  it('a colon in a flow list gets quotes, as old parsers want them', () => {
    expect(splice('allow: [a]\n', add('b:443'))).toBe('allow: [a, "b:443"]\n');
  });
});

describe('the sample policy', () => {
  const sample = readFileSync(new URL('../../fixtures/microagent.yaml', import.meta.url), 'utf8');
  it.each([
    [[add('b')], ['+  - b']],
    [
      [add('b', null, 'passthrough')],
      [
        '-               ".mtls.example" ]     # client certificates break under interception',
        '+               ".mtls.example",',
        '+               b ]     # client certificates break under interception',
      ],
    ],
    [[remove(1)], ['-  - "api.openai.com"          # evals only']],
    [
      [remove(0), remove(7), grant('x')],
      ['-  - api.anthropic.com', `-  - .quarterly.example  # ${UNTIL}`, `+  - x  # ${UNTIL}`],
    ],
  ])('%j', (changes, lines) => {
    expect(changedLines(sample, splice(sample, ...changes))).toEqual(lines);
  });
});
