/** Offset of the first character of the line that holds `at`. */
export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Offset of the line break (`\n` or `\r\n`) that ends the line which holds `at`, or the text's end. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** Offset of the line after the one that holds `at`, or the text's end. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed + 1;
}

/** The blanks at the start of the line that holds `at`. */
export function indentation(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}

/** Whether nothing but blanks stands before `at` on its line. */
export const startsLine = (text: string, at: number): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, at), at));

/** The line break in use around `at`. It is that of its own line, else the first one of the text, else `\n`. */
export function lineBreak(text: string, at: number): '\n' | '\r\n' {
  const own = text.indexOf('\n', at);
  const feed = own === -1 ? text.indexOf('\n') : own;
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** A replacement of the characters from `start` to before `end`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The answer of a format's splicer: the changes for one wish, or why there are none. */
export type Surgery =
  | { readonly type: 'changes'; readonly changes: readonly TextChange[] }
  | { readonly type: 'refused'; readonly why: string };

export const surgery = (...changes: readonly TextChange[]): Surgery => ({ type: 'changes', changes });
export const refuse = (why: string): Surgery => ({ type: 'refused', why });
export const insertion = (at: number, text: string): TextChange => ({ start: at, end: at, text });
export const deletion = (start: number, end: number): TextChange => ({ start, end, text: '' });

/** The text with all changes made. They must not overlap; everything outside them stays as it is, byte for byte. */
export function changeText(text: string, changes: readonly TextChange[]): string {
  let changed = '';
  let from = 0;
  for (const change of changes.toSorted((one, other) => one.start - other.start)) {
    changed += text.slice(from, change.start) + change.text;
    from = change.end;
  }
  return changed + text.slice(from);
}
