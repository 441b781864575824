import { access, constants, lstat, open, realpath } from 'node:fs/promises';
import type { Dialect, ParsedPolicy } from '../core/policy/dialect.ts';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { errorCode, isForeignName } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';
import { type Failed, fileProblem, outsideFailure } from './file-problem.ts';

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
    const isMissing = errorCode(error) === 'ENOENT' && !isForeignName(path);
    const type = isMissing ? 'missing' : 'unreadable'; // a new file beside one whose name is not UTF-8 would be another
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

/** The revision of a file that is not there. */
export const NO_FILE = 'none';

/** Names a text by its content: `sha256:` and 64 hex digits. Equal texts have equal revisions. */
export const revision = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The file that a path leads to, with all links followed; where none is there, its place in its folder. Throws what fails outside. */
export async function fileTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

/** The text that an edit starts from. */
export interface BaseText {
  readonly type: 'text';
  readonly text: string;
  /** `NO_FILE` where the file is not there. */
  readonly revision: string;
  /** No file stands there: the text is the one that it would begin as. */
  readonly isNew: boolean;
}

/** The text at the path; where there is no file, the text `start`. Without one, or where no file can be made, it says why. */
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

/** Why no file can be made at the path; null where nothing is known to prevent it. */
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
