import { errorCode, faultOf } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';

/** A problem that concerns a whole file. */
export const fileProblem = (path: string, why: string, remedy: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy,
});

/** A failed system call as a problem with a remedy. Any other error is a bug and is thrown again. */
export function outsideFailure(error: unknown, path: string): Problem {
  const code = errorCode(error);
  if (code === null) throw error;
  const { why, remedy } = faultOf(code, 'write', path);
  return fileProblem(path, why, remedy);
}

/** Reading or writing failed; nothing was changed. */
export interface Failed {
  readonly type: 'failed';
  readonly problem: Problem;
}
