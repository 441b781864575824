/** A line break, a NUL, or another character that moves a cursor (Unicode, category Cc, and U+2028/9). No file and no host may hold one. */
export const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** A name that the operator was to fill in: `$HOST`, `${HOST}`, `$(host)`, `<your-host>`, `%HOST%`, `{{ host }}`, `{host}`, `__HOST__`, `@HOST@`. */
export const PLACEHOLDER =
  /\$\{|\$\(|\$[a-z_]|<[^<>]*>|%[a-z_]\w+%|\{\{.*\}\}|\{[\w.-]+\}|^__\w+__$|^@\w+@$/i;

/** Straight, typographic and backward quotes. */
export const QUOTES = /["'`\u2018\u2019\u201a-\u201e\u00ab\u00bb]/g;

/** Why an entry is not written into any policy, whoever asks; null where nothing forbids it. */
export const whyRefused = (entry: string): string | null =>
  CONTROL.test(entry) ? 'an entry may not hold a line break, a NUL or another control character' : null;

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The characters between two names of one text. */
const BETWEEN = /[,;|\s]+/;

/** The names that a text holds, where signs part them. */
export const partsOf = (text: string): readonly string[] => text.split(BETWEEN).filter(part => part !== '');

/** The host in a text that is a URL or a part of one: without scheme, user, port, path, query and fragment (RFC 3986 §3.2). */
export function bareHost(text: string): string {
  const authority = text
    .trim()
    .replace(SCHEME, '')
    .replace(/[/\\?#].*$/s, '')
    .replace(/^.*@/s, '');
  const [bracketed] = /^\[[^\]]*\]/.exec(authority) ?? [];
  return bracketed ?? (authority.split(':').length === 2 ? authority.replace(/:.*$/s, '') : authority);
}

/** Whether a text is a URL and holds no other name, whatever signs stand in its path. */
export const isOneUrl = (text: string): boolean =>
  !/\s/.test(text) && text.split('://').length === 2 && SCHEME.test(text) && !/[,;|]/.test(bareHost(text));

/** The longest name and the longest label (RFC 1035 §2.3.4, in the dotted form without the dot at its end). */
export const LONGEST_NAME = 253;
export const LONGEST_LABEL = 63;

/** A lower-case name of letters, digits, `-` and `_` in labels of legal length. */
export const isName = (text: string): boolean =>
  text.length <= LONGEST_NAME && /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/.test(text);
