const NAMED: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  space: ' ',
  backspace: '\x7f',
  delete: '\x1b[3~',
  insert: '\x1b[2~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  f1: '\x1bOP',
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  f5: '\x1b[15~',
  f6: '\x1b[17~',
  f7: '\x1b[18~',
  f8: '\x1b[19~',
  f9: '\x1b[20~',
  f10: '\x1b[21~',
  f11: '\x1b[23~',
  f12: '\x1b[24~',
};

/**
 * The bytes an xterm sends for a key: a name (`enter`, `pageup`, `ctrl-c`, `alt-x`) or one character.
 * Throws for anything longer, because a misspelt name typed as text makes a test that waits for nothing.
 */
export function bytesOfKey(key: string): string {
  const named = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined;
  if (named !== undefined) return named;
  const control = /^ctrl-([a-z[\\\]^_])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCodePoint(control.toUpperCase().charCodeAt(0) & 0x1f);
  if (key.startsWith('alt-')) return `\x1b${bytesOfKey(key.slice('alt-'.length))}`;
  if (Array.from(key).length === 1) return key;
  throw new Error(`no key is named ${JSON.stringify(key)}; to send text, use type()`);
}
