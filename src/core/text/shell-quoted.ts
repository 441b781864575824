/** A text as one word of a shell's command line, in quotes (POSIX shell, 2.2.2: nothing is special between single quotes). */
export const inShellQuotes = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The same, in quotes only where it needs them. */
export const shellQuoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : inShellQuotes(text);
