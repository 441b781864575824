import type { TextInput } from './state.ts';

export const EMPTY_INPUT: TextInput = { text: '', cursor: 0 };

export const inputOf = (text: string): TextInput => ({ text, cursor: text.length });

/** Inserts what was typed or pasted; line ends and controls in it are dropped. */
export function typeInto({ text, cursor }: TextInput, typed: string): TextInput {
  const clean = typed.replace(/[\x00-\x1f\x7f]/g, '');
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

export type InputKey = 'backspace' | 'delete' | 'left' | 'right' | 'home' | 'end' | 'clear' | 'erase-word';

/** One editing key, as a shell's line has them. */
export function pressInto({ text, cursor }: TextInput, key: InputKey): TextInput {
  switch (key) {
    case 'backspace':
      return {
        text: text.slice(0, Math.max(0, cursor - 1)) + text.slice(cursor),
        cursor: Math.max(0, cursor - 1),
      };
    case 'delete':
      return { text: text.slice(0, cursor) + text.slice(cursor + 1), cursor };
    case 'left':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { text, cursor: Math.min(text.length, cursor + 1) };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'clear':
      return { text: text.slice(cursor), cursor: 0 };
    case 'erase-word': {
      const start = text.slice(0, cursor).replace(/\S+\s*$/, '').length;
      return { text: text.slice(0, start) + text.slice(cursor), cursor: start };
    }
  }
}
