import { publicKeyBytes } from './nkey.ts';

/** An editor that a machine trusts. */
export interface EditorKey {
  readonly key: string;
  /** The words behind the key in the file; the key itself where there are none. */
  readonly label: string;
}

/** The keys that a file lists, or the line (1-based) that is none: then no key counts, so that a mistake trusts nobody. */
export type ReadEditorKeys =
  | { readonly type: 'keys'; readonly keys: readonly EditorKey[] }
  | { readonly type: 'invalid'; readonly line: number; readonly why: string };

/** Reads one key a line, with a name behind it. `#` begins a comment. */
export function readEditorKeys(text: string): ReadEditorKeys {
  const keys: EditorKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [key, ...label] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (key === undefined || key === '') continue;
    if (publicKeyBytes(key) === null)
      return { type: 'invalid', line: index + 1, why: 'this is no public key of a user (U and 55 more)' };
    keys.push({ key, label: label.join(' ') || key });
  }
  return { type: 'keys', keys };
}
