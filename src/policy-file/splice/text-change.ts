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
