import { errorCode, faultOf } from '../core/file-error.ts';
import type { Problem } from '../core/problem.ts';

/** The trouble with `source` and its remedy, from a failure of the outside world or of a reader. Anything else is thrown on. */
export function troubleOf(error: unknown, source: string): Problem {
  if (error instanceof SourceError) return { ...error.problem, source };
  const code = errorCode(error);
  if (code === null) throw error;
  const { why, remedy } = faultOf(code, 'read', source);
  return trouble(source, why, remedy);
}

/** A problem of a source as a whole. */
export function trouble(source: string, why: string, remedy: string): Problem {
  return { source, line: null, column: null, severity: 'error', why, remedy };
}

/** A reader gave up: thrown out of an iteration over lines, after every line that could be read. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.source}: ${problem.why}; ${problem.remedy ?? ''}`);
    this.problem = problem;
  }
}
