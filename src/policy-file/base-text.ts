import { access, constants, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';
import { fileProblem, outsideFailure } from './file-problem.ts';
import { readText } from './read.ts';
import { NO_FILE } from './revision.ts';
import type { Failed } from './writing/lock.ts';

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
