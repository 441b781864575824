const SPELT: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  pagedown: 'PgDn',
  pageup: 'PgUp',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Delete',
  f1: 'F1',
};

/** The spelling of a key on screens and in the help. */
export const spellKey = (key: string): string =>
  SPELT[key] ?? key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);

/** The names of keys that are not single characters, without the combinations of Ctrl with a letter. */
export const KEY_NAMES: readonly string[] = Object.keys(SPELT);

const OTHER_NAMES: Readonly<Record<string, string>> = {
  ' ': 'space',
  escape: 'esc',
  return: 'enter',
  pgdn: 'pagedown',
  pgup: 'pageup',
  del: 'delete',
  ...Object.fromEntries(Object.entries(SPELT).map(([name, spelt]) => [spelt.toLowerCase(), name])),
};

/** Keys that a terminal sends as the same byte as another key (ASCII). */
const SAME_BYTE: Readonly<Record<string, string>> = {
  'ctrl-h': 'Backspace',
  'ctrl-i': 'Tab',
  'ctrl-j': 'Enter',
  'ctrl-m': 'Enter',
};

/** The key that a text names, in any letter case; or why it names none. */
export function readKey(text: string): { readonly key: string } | { readonly why: string } {
  const named = text.toLowerCase();
  const key = OTHER_NAMES[named] ?? (Array.from(text).length === 1 ? text : named);
  const same = SAME_BYTE[key];
  if (same !== undefined) return { why: `a terminal sends ${spellKey(key)} as ${same}` };
  if (KEY_NAMES.includes(key) || /^ctrl-[a-z]$/.test(key)) return { key };
  return /^[^\p{C}\p{Z}\p{M}]$/u.test(key)
    ? { key }
    : { why: `${text === '' ? 'an empty text' : text} is no key` };
}
