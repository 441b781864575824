import { expect, it } from 'vitest';
import { KEY_TABLE } from '../../../src/app/keys/key-table.ts';
import { applyConfig } from '../../../src/commands/config/apply-config.ts';
import { parseConfig } from '../../../src/commands/config/read-config.ts';

const PATH = '/home/op/config.yaml';

const applied = (text: string) =>
  applyConfig(
    { path: PATH, exists: true, ...parseConfig(text, PATH) },
    { sources: [], options: {} },
    { env: {}, home: '/home/op' },
  );

it.each([
  ['allow: b', { allow: ['b'] }],
  ['allow: [b, ctrl-k]', { allow: ['b', 'ctrl-k'] }],
  ['allow: [b, b]', { allow: ['b'] }],
  [
    'page-down: [PgDn, Ctrl-F, Space]\n  mark: X\n  fold: Z',
    { 'page-down': ['pagedown', 'ctrl-f', 'space'], mark: ['X'], fold: ['Z'] },
  ],
  ["allow: '↓'\n  down: [j, i]", { allow: ['down'], down: ['j', 'i'] }],
  ['allow: p\n  passthrough: a', { allow: ['p'], passthrough: ['a'] }],
  ['answer-once: x', { 'answer-once': ['x'] }],
  ['hosts-screen: 9', { 'hosts-screen': ['9'] }],
  ['quit: [ctrl-c, ctrl-q]', { quit: ['ctrl-c', 'ctrl-q'] }],
  ['allow: ä', { allow: ['ä'] }],
])('the keys %j are taken as they are', (text, keys) => {
  const { preferences, problems } = applied(`keys:\n  ${text}\n`);
  expect(problems).toEqual([]);
  expect(preferences.keys).toEqual(keys);
});

it.each([
  ['an unknown action', 'alow: b', '2:3: keys has no key alow: did you mean allow?'],
  ['an unknown key', 'allow: F13', '2:10: keys.allow: F13 is no key'],
  ['the second key of a list', 'allow: [b, meta-x]', '2:14: keys.allow: meta-x is no key'],
  ['an empty key', "allow: ''", '2:10: keys.allow: an empty text is no key'],
  ['a control character', 'allow: "\\a"', '2:10: keys.allow: \u0007 is no key'],
  [
    'a key that sends the byte of another',
    'allow: ctrl-i',
    '2:10: keys.allow: a terminal sends Ctrl-I as Tab',
  ],
  ['no key at all', 'allow: []', '2:10: keys.allow must name at least one key'],
  ['a key of another action', 'allow: p', '2:10: p is the key of passthrough in the same place'],
  ['a key of a page alone', 'freeze: "?"', '2:11: ? is the key of help in the same place'],
  ['one key for two', 'allow: b\n  mute: b', '3:9: b is the key of allow in the same place'],
  ['Esc for another action', 'allow: esc', '2:10: Esc is the key of back in the same place'],
  [
    'Esc taken from its action',
    'back: b',
    '2:9: back keeps Esc, the key that leaves it: add that key to its keys',
  ],
  [
    'Ctrl-C taken from its action',
    'quit: ctrl-q',
    '2:9: quit keeps Ctrl-C, the key that leaves it: add that key to its keys',
  ],
  ['a letter where text is typed', 'redraw: b', '2:11: b types or edits text in prompts'],
  ['Enter where text is typed', 'quit: [ctrl-c, enter]', '2:9: Enter types or edits text in prompts'],
  ['the name of a thing of the language', 'constructor: b', '2:3: keys has no key constructor'],
])('%s is told with its place, and the action keeps its keys', (_, text, told) => {
  const { preferences, problems } = applied(`keys:\n  ${text}\n`);
  expect(problems.map(({ line, column, why }) => `${line}:${column}: ${why}`)).toEqual([told]);
  for (const [action, keys] of Object.entries(preferences.keys ?? {}))
    expect([action, keys]).toEqual(['allow', ['b']]); // the first of two that share a key
});

it('a choice that depends on one with a mistake falls with it, so that no key has two actions', () => {
  const { preferences, problems } = applied('keys:\n  allow: p\n  passthrough: x\n');
  expect(preferences.keys).toEqual({});
  expect(problems).toHaveLength(2);
});

it.each(KEY_TABLE.map(({ name, keys }) => ({ name, keys })))(
  'the usual keys of $name may be written into the file',
  ({ name, keys }) => {
    const { problems } = applied(`keys:\n  ${name}: ${JSON.stringify(keys)}\n`);
    expect(problems).toEqual([]);
  },
);
