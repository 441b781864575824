/** An entry of a file with one entry a line. */
export interface ListedLine {
  readonly text: string;
  /** The comment behind the entry, with its `#`; null without one. */
  readonly comment: string | null;
  /** Offsets of the whole line in the text, its line end included. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Leading blanks, the entry, and a comment. The comment's `#` stands first in the line or behind a blank. Only ASCII blanks count. */
const LINE = /^(?<blanks>[ \t]*)(?<text>[^ \t\r#].*?)?[ \t\r]*(?<comment>(?<![^ \t\r])#.*)?$/s;

/** The entries of a text with one entry a line. Empty lines and comments are skipped. */
export function listedLines(text: string): readonly ListedLine[] {
  const found: ListedLine[] = [];
  let start = 0;
  let number = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    number += 1;
    const groups = LINE.exec(text.slice(start, feed === -1 ? end : feed))?.groups ?? {};
    const { blanks = '', text: entry = '', comment } = groups;
    if (entry !== '')
      found.push({
        text: entry,
        comment: comment?.trimEnd() ?? null,
        start,
        end,
        line: number,
        column: blanks.length + 1,
      });
    start = end;
  }
  return found;
}
