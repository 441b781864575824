import { expect, it } from 'vitest';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { lineBreak } from '../../../src/policy-file/splice/text-change.ts';

it.each([
  ['a\r\nb\nc', 0, '\r\n'],
  ['a\r\nb\nc', 3, '\n'],
  ['a\nb\r\nc', 0, '\n'],
  ['a\nb\r\nc', 2, '\r\n'],
  ['a\r\nb', 3, '\r\n'],
  ['a\nb', 2, '\n'],
  ['\nb\r\n', 0, '\n'],
  ['a', 0, '\n'],
  ['', 0, '\n'],
] as const)(
  'in %j the line at %i has the break %j: its own, else the first one of the text',
  (text, at, expected) => {
    expect(lineBreak(text, at)).toBe(expected);
  },
);

it.each([
  ['allow:\n  - a.example\r\n', 'allow:\n  - a.example\r\n  - new.example\r\n'],
  ['allow:\r\n  - a.example\n', 'allow:\r\n  - a.example\n  - new.example\n'],
  ['allow:\n  - a.example\r\n# end\n', 'allow:\n  - a.example\r\n  - new.example\r\n# end\n'],
])('an entry added to %j, whose line ends are mixed, ends as the line before it', (text, expected) => {
  const add = { type: 'add', path: ['allow'], value: 'new.example', comment: null } as const;
  expect(applyChanges(text, 'yaml', [add])).toMatchObject({ text: expected });
});
