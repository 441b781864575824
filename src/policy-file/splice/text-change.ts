/** The offset of the start of the line with `at`. */
export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The offset of the line break (`\n` or `\r\n`) behind `at`, or of the text's end. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The offset of the line after the one with `at`, or of the text's end. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed + 1;
}

/** The blanks at the start of the line with `at`. */
export function indentation(text: string, at: number): string {
  const start = lineStart(text, at);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
}

/** Whether only blanks stand before `at` on its line. */
export const startsLine = (text: string, at: number): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, at), at));

/** The line break to use near `at`: that of its line, else the first one of the text, else `\n`. */
export function lineBreak(text: string, at: number): '\n' | '\r\n' {
  const own = text.indexOf('\n', at);
  const feed = own === -1 ? text.indexOf('\n') : own;
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** Replaces the characters from `start` up to, not including, `end`. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text changes for one change of a document, or why there are none. */
export type Surgery =
  | { readonly type: 'changes'; readonly changes: readonly TextChange[] }
  | { readonly type: 'refused'; readonly why: string };

export const surgery = (...changes: readonly TextChange[]): Surgery => ({ type: 'changes', changes });
export const refuse = (why: string): Surgery => ({ type: 'refused', why });
export const insertion = (at: number, text: string): TextChange => ({ start: at, end: at, text });
export const deletion = (start: number, end: number): TextChange => ({ start, end, text: '' });

/** Applies changes that do not overlap. All other bytes stay the same. */
export function changeText(text: string, changes: readonly TextChange[]): string {
  let changed = '';
  let from = 0;
  for (const change of changes.toSorted((one, other) => one.start - other.start)) {
    changed += text.slice(from, change.start) + change.text;
    from = change.end;
  }
  return changed + text.slice(from);
}
