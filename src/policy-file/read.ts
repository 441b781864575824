import { access, constants, lstat, open, realpath } from 'node:fs/promises';
import type { Dialect, ParsedPolicy } from '../core/policy/dialect.ts';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { errorCode, isForeignName } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';
import { type Failed, fileProblem, outsideFailure } from './file-problem.ts';

/** The largest file that is read. A larger one is no policy. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

/** The content of a path now. Texts keep their byte order mark and line breaks. */
export type FileState =
  | { readonly type: 'text'; readonly text: string; readonly revision: string }
  | { readonly type: 'missing'; readonly problem: Problem }
  | { readonly type: 'unreadable'; readonly problem: Problem };

/** Reads a policy file as UTF-8 text. Unreadable are a directory, a device, a file above 8 MiB, and bytes that are not UTF-8. */
export async function readText(path: string): Promise<FileState> {
  try {
    // non-blocking, because opening a named pipe without a writer would block forever
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isDirectory()) return unreadable(path, 'is a directory', 'name a file in it');
    if (!stats.isFile()) return unreadable(path, 'is not a regular file', 'name a regular file');
    if (stats.size > MAX_POLICY_BYTES)
      return unreadable(path, 'is larger than 8 MiB', 'check that this is a policy file');
    return decode(path, await file.readFile());
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT' && !isForeignName(path);
    const type = isMissing ? 'missing' : 'unreadable'; // a new file beside one whose name is not UTF-8 would be another
    return { type, problem: outsideFailure(error, path) };
  }
}

/** A policy file's text with its parsed policy, or why the file cannot be read. */
export type ReadPolicy =
  | {
      readonly type: 'read';
      readonly path: string;
      readonly text: string;
      readonly revision: string;
      readonly parsed: ParsedPolicy;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Reads and parses a policy file. An invalid text is no failure: `parsed` holds its problems. */
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

/** The revision of a missing file. */
export const NO_FILE = 'none';

/** The revision of a text: `sha256:` and 64 hex digits of its content. Equal texts have equal revisions. */
export const revision = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The path with all links resolved. For a missing file, only those of its folder. Throws on a failed system call. */
export async function fileTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

/** The text that an edit changes. */
export interface BaseText {
  readonly type: 'text';
  readonly text: string;
  /** `NO_FILE` for a missing file. */
  readonly revision: string;
  /** The file does not exist; the text is the initial one. */
  readonly isNew: boolean;
}

/** The text at the path, or `start` if the file does not exist. A problem if there is neither, or if no file can be created. */
export async function baseText(
  path: string,
  start: string | null,
  makesFolder = false,
): Promise<BaseText | Failed> {
  const found = await readText(path);
  if (found.type === 'text') return { ...found, isNew: false };
  const why = (): Promise<Problem | null> => whyNotMade(path, makesFolder);
  const problem = found.type === 'missing' && start !== null ? await why() : found.problem;
  return problem || start === null
    ? { type: 'failed', problem: problem ?? found.problem }
    : { type: 'text', text: start, revision: NO_FILE, isNew: true };
}

/** Why no file can be created at the path; null if no reason is known. */
async function whyNotMade(path: string, makesFolder: boolean): Promise<Problem | null> {
  const folder = dirname(path);
  try {
    const isMade = makesFolder && !(await isThere(folder));
    await access(isMade ? dirname(folder) : folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    return errorCode(error) === 'ENOENT'
      ? fileProblem(path, 'its folder does not exist', `make the folder first: mkdir -p ${folder}`)
      : outsideFailure(error, folder);
  }
  return (await isThere(path))
    ? fileProblem(path, 'is a link to a file that does not exist', 'make that file, or remove the link')
    : null;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
