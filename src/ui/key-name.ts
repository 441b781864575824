import type { Key } from 'ink';

/** The name by which the key table knows a key: `a`, `G`, `enter`, `ctrl-d`, `shift-tab`, `f1`. */
export function keyName(input: string, key: Key): string {
  const named = NAMES.find(([flag]) => key[flag])?.[1];
  if (named === 'tab' && key.shift) return 'shift-tab';
  if (named) return named;
  if (input === ' ') return 'space';
  if (F1.has(input)) return 'f1';
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

/** F1 as terminals send it, the escape that Ink cut off included or not. */
const F1 = new Set(['OP', '[11~', '[[A', '\u001bOP', '\u001b[11~']);

/** Keys typed faster than they are read arrive as one text: each is a key of its own. A text prompt takes them as they are. */
export const keysIn = (input: string): readonly string[] => Array.from(input);
