import type { Key } from 'ink';

/** The name of a key in the key table: `a`, `G`, `enter`, `ctrl-d`, `shift-tab`. */
function keyName(input: string, key: Key): string {
  const named = NAMES.find(([flag]) => key[flag])?.[1];
  if (named === 'tab' && key.shift) return 'shift-tab';
  if (named) return named;
  if (input === ' ') return 'space';
  return key.ctrl ? `ctrl-${input.toLowerCase()}` : input;
}

const NAMES = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

/** A key, and the text it types. */
export interface KeyPress {
  readonly name: string;
  readonly text: string;
}

/**
 * The key presses of one input event of Ink. Alt with a key counts as two presses, Esc and the key: over a slow line both look the same,
 * and no key is bound with Alt.
 */
export function pressesOf(input: string, key: Key): readonly KeyPress[] {
  const name = keyName(input, key);
  if (name !== input) return [{ name, text: name === 'space' ? ' ' : '' }];
  return key.meta ? [{ name: 'esc', text: '' }, ...keysIn(input)] : keysIn(input);
}

/** Splits a text into keys, one for each character. Keys that are typed fast arrive as one text, for example over a slow line. */
const keysIn = (input: string): readonly KeyPress[] =>
  Array.from(input).map(character => {
    const code = character.codePointAt(0) ?? 0;
    const named = CONTROL_NAMES[character];
    if (named) return { name: named, text: code === 0x20 ? ' ' : '' };
    if (code > 0 && code < 0x1b) return { name: `ctrl-${String.fromCodePoint(code + 0x60)}`, text: '' };
    return { name: character, text: character };
  });
