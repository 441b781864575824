import { constants, open } from 'node:fs/promises';
import type { Problem } from '../core/problem.ts';
import { errorCode } from '../core/file-error.ts';
import { fileProblem, outsideFailure } from './file-problem.ts';
import { revision } from './revision.ts';

/** A policy larger than this is not read: it is no policy but a mistake. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

/** What stands at a path now. A text keeps its byte order mark and its line breaks. */
export type PolicyText =
  | { readonly type: 'text'; readonly text: string; readonly revision: string }
  | { readonly type: 'missing'; readonly problem: Problem }
  | { readonly type: 'unreadable'; readonly problem: Problem };

/** Reads a policy file as UTF-8 text; what is no regular file, too large or not UTF-8 is unreadable. */
export async function readText(path: string): Promise<PolicyText> {
  try {
    // Non-blocking, or a named pipe without a writer would hold us for good.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isDirectory()) return unreadable(path, 'is a directory', 'name a file in it');
    if (!stats.isFile()) return unreadable(path, 'is not a regular file', 'name a regular file');
    if (stats.size > MAX_POLICY_BYTES)
      return unreadable(path, 'is larger than 8 MiB', 'check that this is a policy file');
    return decode(path, await file.readFile());
  } catch (error) {
    const type = errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
    return { type, problem: outsideFailure(error, path) };
  }
}

const unreadable = (path: string, why: string, remedy: string): PolicyText => ({
  type: 'unreadable',
  problem: fileProblem(path, why, remedy),
});

function decode(path: string, bytes: Buffer): PolicyText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { type: 'text', text, revision: revision(text) };
  } catch {
    return unreadable(path, 'is not UTF-8 text', 'convert it to UTF-8');
  }
}
