/** Quotes a text as one word of a shell command (POSIX shell, 2.2.2: no character is special between single quotes). */
export const inShellQuotes = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Quotes a text for a shell only if it needs quotes. */
export const shellQuoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : inShellQuotes(text);
