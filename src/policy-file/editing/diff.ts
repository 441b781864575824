import type { FileFate } from '../../core/policy/file-fate.ts';
import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY, parsePatch, reversePatch } from 'diff';

/** Unchanged lines shown around a change, as `diff -u` has it. */
const CONTEXT_LINES = 3;

/** The unified diff from one text of a file to the next, under a header naming the file. */
export const unifiedDiff = (path: string, before: string, after: string): string =>
  createTwoFilesPatch(path, path, before, after, undefined, undefined, {
    context: CONTEXT_LINES,
    headerOptions: FILE_HEADERS_ONLY,
  });

/** The diff of an edit; of a file that is made, the one against nothing. */
export const diffOfFate = (
  path: string,
  { text, diff }: { readonly text: string; readonly diff: string },
  fate: FileFate,
): string => (fate === 'made' ? createTwoFilesPatch(NOTHING, path, '', text, ...HEADERS) : diff);

/** The diff that removes a file of this text. */
export const removalDiff = (path: string, text: string): string =>
  createTwoFilesPatch(path, NOTHING, text, '', ...HEADERS);

const HEADERS = [undefined, undefined, { headerOptions: FILE_HEADERS_ONLY }] as const;

/** How `diff -u` names a file that is not there. */
const NOTHING = '/dev/null';

/** The text with the diff taken back; null where a line of the diff, or one around it, no longer stands there as it did. */
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
