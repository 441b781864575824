import { graphemes } from '../../core/text/graphemes.ts';
import type { TextInput } from '../state/prompt.ts';

export const EMPTY_INPUT: TextInput = { text: '', cursor: 0 };

export const inputOf = (text: string): TextInput => ({ text, cursor: text.length });

/** The longest input in UTF-16 units. The rest of a longer paste is dropped. */
const MOST_UNITS = 4_000;

/** Inserts typed or pasted text without its line breaks and control characters. */
export function typeInto({ text, cursor }: TextInput, typed: string): TextInput {
  const clean = typed
    .slice(0, MOST_UNITS - text.length)
    .replace(/\p{Cc}/gu, '')
    .toWellFormed();
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

/** The editing keys of a prompt. */
export type InputKey = 'backspace' | 'delete' | 'left' | 'right' | 'home' | 'end' | 'clear' | 'erase-word';

/** Applies an editing key, as in a shell. The cursor moves by whole characters, also over an emoji of several code points. */
export function pressInto(input: TextInput, key: InputKey): TextInput {
  const { text, cursor } = input;
  switch (key) {
    case 'backspace':
      return without(input, stepBack(input), cursor);
    case 'delete':
      return without(input, cursor, stepOn(input));
    case 'left':
      return { text, cursor: stepBack(input) };
    case 'right':
      return { text, cursor: stepOn(input) };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'clear':
      return without(input, 0, cursor);
    case 'erase-word':
      return without(input, text.slice(0, cursor).replace(/\S*\s*$/, '').length, cursor);
  }
}

/** The text before the cursor, the character at the cursor (empty at the end), and the text after it. */
export function partsOf(input: TextInput): readonly [before: string, under: string, after: string] {
  const end = stepOn(input);
  return [input.text.slice(0, input.cursor), input.text.slice(input.cursor, end), input.text.slice(end)];
}

const stepBack = ({ text, cursor }: TextInput): number =>
  cursor === 0 ? 0 : (graphemes(text).containing(cursor - 1)?.index ?? 0);

function stepOn({ text, cursor }: TextInput): number {
  const under = graphemes(text).containing(cursor);
  return under ? under.index + under.segment.length : text.length;
}

const without = ({ text }: TextInput, from: number, to: number): TextInput => ({
  text: text.slice(0, from) + text.slice(to),
  cursor: from,
});
