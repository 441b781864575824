/** A line break, NUL or other control character (Unicode category Cc, U+2028 and U+2029). No entry may hold one. */
export const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * A placeholder that the operator had to replace: `$HOST`, `${HOST}`, `$(host)`, `<your-host>`, `%HOST%`, `{{ host }}`, `{host}`,
 * `__HOST__`, `@HOST@`.
 */
export const PLACEHOLDER =
  /\$\{|\$\(|\$[a-z_]|<[^<>]*>|%[a-z_]\w+%|\{\{.*\}\}|\{[\w.-]+\}|^__\w+__$|^@\w+@$/i;

/** Straight, typographic and reversed quotes. */
export const QUOTES = /["'`\u2018\u2019\u201a-\u201e\u00ab\u00bb]/g;

/** Why an entry may not be written into any policy; null where it may. */
export const whyRefused = (entry: string): string | null =>
  CONTROL.test(entry) ? 'an entry may not hold a line break, a NUL or another control character' : null;

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Separators between several names in one text. */
const BETWEEN = /[,;|\s]+/;

/** The names in a text that holds several, separated by commas, semicolons, bars or blanks. */
export const partsOf = (text: string): readonly string[] => text.split(BETWEEN).filter(part => part !== '');

/** The host in a URL or a part of one: without scheme, user, port, path, query and fragment (RFC 3986 §3.2). */
export function bareHost(text: string): string {
  const authority = text
    .trim()
    .replace(SCHEME, '')
    .replace(/[/\\?#].*$/s, '')
    .replace(/^.*@/s, '');
  const [bracketed] = /^\[[^\]]*\]/.exec(authority) ?? [];
  return bracketed ?? (authority.split(':').length === 2 ? authority.replace(/:.*$/s, '') : authority);
}

/** Whether the whole text is one URL, even if its path holds separators. */
export const isOneUrl = (text: string): boolean =>
  !/\s/.test(text) && text.split('://').length === 2 && SCHEME.test(text) && !/[,;|]/.test(bareHost(text));

/** The greatest length of a name and of a label (RFC 1035 §2.3.4, in dotted form without the last dot). */
export const LONGEST_NAME = 253;
export const LONGEST_LABEL = 63;

/** Whether the text is a lower-case name of letters, digits, `-` and `_`, in labels of legal length. */
export const isName = (text: string): boolean =>
  text.length <= LONGEST_NAME && /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/.test(text);
