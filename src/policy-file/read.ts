import { constants, open } from 'node:fs/promises';
import type { Dialect, ParsedPolicy } from '../core/policy/dialect.ts';
import type { Problem } from '../core/problem.ts';
import { errorCode } from '../core/file-error.ts';
import { fileProblem, outsideFailure } from './file-problem.ts';
import { revision } from './revision.ts';

/** A larger file is taken for a mistake and is not read. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

/** The state of a path now. A text keeps its byte order mark and its line breaks. */
export type FileState =
  | { readonly type: 'text'; readonly text: string; readonly revision: string }
  | { readonly type: 'missing'; readonly problem: Problem }
  | { readonly type: 'unreadable'; readonly problem: Problem };

/** Reads a policy file as UTF-8 text. A directory, a device, a file above 8 MiB and other bytes than UTF-8 are unreadable. */
export async function readText(path: string): Promise<FileState> {
  try {
    // Non-blocking: opening a named pipe without a writer would wait for ever.
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

/** A policy file's text and the dialect's reading of it, or why the file cannot be read. */
export type ReadPolicy =
  | {
      readonly type: 'read';
      readonly path: string;
      readonly text: string;
      readonly revision: string;
      readonly parsed: ParsedPolicy;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Reads and parses a policy file. A text that does not parse counts as read: `parsed` holds its problems. */
export async function readPolicy(path: string, dialect: Dialect): Promise<ReadPolicy> {
  const found = await readText(path);
  if (found.type !== 'text') return { type: 'failed', problem: found.problem };
  const { text, revision } = found;
  return { type: 'read', path, text, revision, parsed: dialect.parse(text, path) };
}

const unreadable = (path: string, why: string, remedy: string): FileState => ({
  type: 'unreadable',
  problem: fileProblem(path, why, remedy),
});

function decode(path: string, bytes: Buffer): FileState {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { type: 'text', text, revision: revision(text) };
  } catch {
    return unreadable(path, 'is not UTF-8 text', 'convert it to UTF-8');
  }
}
