import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_INPUT,
  inputOf,
  partsOf,
  pressInto,
  typeInto,
  type InputKey,
} from '../../../src/app/keys/text-input.ts';
import { anyText } from '../any-text.ts';

const KEYS: readonly InputKey[] = [
  'backspace',
  'delete',
  'left',
  'right',
  'home',
  'end',
  'clear',
  'erase-word',
];
/** A line with its cursor as `|`. */
const at = (shown: string) => ({ text: shown.replace('|', ''), cursor: shown.indexOf('|') });

describe('a line of text', () => {
  it.each([
    ['ab|c', 'backspace', 'a|c'],
    ['|abc', 'backspace', '|abc'],
    ['a|bc', 'delete', 'a|c'],
    ['abc|', 'delete', 'abc|'],
    ['a|bc', 'left', '|abc'],
    ['|abc', 'left', '|abc'],
    ['abc|', 'right', 'abc|'],
    ['a|bc', 'home', '|abc'],
    ['a|bc', 'end', 'abc|'],
    ['ab|c', 'clear', '|c'],
    ['one two|', 'erase-word', 'one |'],
    ['one two  |', 'erase-word', 'one |'],
    ['  |x', 'erase-word', '|x'],
    ['a😀|', 'backspace', 'a|'],
    ['|😀b', 'delete', '|b'],
    ['a|👩‍👩‍👧‍👦', 'right', 'a👩‍👩‍👧‍👦|'],
    ['e\u0301|', 'backspace', '|'],
  ] as const)('%s, %s: %s', (before, key, after) => {
    expect(pressInto(at(before), key)).toEqual(at(after));
  });

  it('takes text at the cursor, without line ends and controls', () => {
    expect(typeInto(at('a|b'), 'x\r\ny\u001b\u009b')).toEqual(at('axy|b'));
  });

  it('a line of text has a longest length', () => {
    expect(typeInto(EMPTY_INPUT, 'x'.repeat(1e6)).text.length).toBe(4_000);
  });

  it('editing never tears a character and never loses the cursor', () => {
    const press = fc.oneof(fc.constantFrom(...KEYS), anyText);
    fc.assert(
      fc.property(fc.array(press, { maxLength: 30 }), presses => {
        const input = presses.reduce(
          (line, press) =>
            KEYS.includes(press as InputKey) ? pressInto(line, press as InputKey) : typeInto(line, press),
          inputOf('start'),
        );
        expect(input.text.isWellFormed()).toBe(true);
        expect(partsOf(input).join('')).toBe(input.text);
        expect(partsOf(input)[0].length).toBe(input.cursor);
      }),
    );
  });
});
