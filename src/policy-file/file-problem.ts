import { errorCode, faultOf } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';

/** A problem of a whole file. */
export const fileProblem = (path: string, why: string, remedy: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy,
});

/** The refusal of the operating system, as a problem with a remedy. Anything else is our bug and is thrown on. */
export function outsideFailure(error: unknown, path: string): Problem {
  const code = errorCode(error);
  if (code === null) throw error;
  const { why, remedy } = faultOf(code, 'write', path);
  return fileProblem(path, why, remedy);
}

/** Nothing was read or written. */
export interface Failed {
  readonly type: 'failed';
  readonly problem: Problem;
}
