import { publicKeyBytes } from './nkey.ts';

/** An editor that a machine trusts. */
export interface EditorKey {
  readonly key: string;
  /** The name behind the key in the file; without a name the key itself. */
  readonly label: string;
}

/** The keys of a file, or the first invalid line (1-based). One invalid line makes the whole file invalid: a mistake then trusts nobody. */
export type ReadEditorKeys =
  | { readonly type: 'keys'; readonly keys: readonly EditorKey[] }
  | { readonly type: 'invalid'; readonly line: number; readonly why: string };

/** Reads a file with one key a line, optionally followed by a name. `#` begins a comment. */
export function readEditorKeys(text: string): ReadEditorKeys {
  const keys: EditorKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [key, ...label] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (key === undefined || key === '') continue;
    if (publicKeyBytes(key) === null)
      return {
        type: 'invalid',
        line: index + 1,
        why: 'this is not the public key of a user (U and 55 more characters)',
      };
    keys.push({ key, label: label.join(' ') || key });
  }
  return { type: 'keys', keys };
}
