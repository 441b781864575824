import type { FileFate } from '../../core/policy/file-fate.ts';
import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY, parsePatch, reversePatch } from 'diff';

/** The number of unchanged lines around a change, as in `diff -u`. */
const CONTEXT_LINES = 3;

/** The unified diff between two texts of a file, with the file's name in its header. */
export const unifiedDiff = (path: string, before: string, after: string): string =>
  createTwoFilesPatch(path, path, before, after, undefined, undefined, {
    context: CONTEXT_LINES,
    headerOptions: FILE_HEADERS_ONLY,
  });

/** The diff of an edit. For a new file it is the diff against an empty file. */
export const diffOfFate = (
  path: string,
  { text, diff }: { readonly text: string; readonly diff: string },
  fate: FileFate,
): string => (fate === 'made' ? createTwoFilesPatch(NOTHING, path, '', text, ...HEADERS) : diff);

/** The diff that removes a file with this text. */
export const removalDiff = (path: string, text: string): string =>
  createTwoFilesPatch(path, NOTHING, text, '', ...HEADERS);

const HEADERS = [undefined, undefined, { headerOptions: FILE_HEADERS_ONLY }] as const;

/** The name of a missing file in `diff -u`. */
const NOTHING = '/dev/null';

/** The text with the diff reversed. Null where a line of the diff, or a line around it, has changed since. */
export function takeBack(diff: string, text: string): string | null {
  const patch = parse(diff);
  if (!patch) return null;
  const result = applyPatch(text, reversePatch(patch), { fuzzFactor: 0, autoConvertLineEndings: false });
  return result === false ? null : result;
}

function parse(diff: string): ReturnType<typeof parsePatch>[number] | undefined {
  try {
    return parsePatch(diff)[0];
  } catch {
    return undefined;
  }
}
