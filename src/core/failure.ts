import { describeProblem, type Problem } from './problem.ts';

/** The stable codes of failures, for scripts. `egresstop help scripting` lists them. */
export type FailureCode =
  'usage' | 'unreadable-source' | 'unreadable-policy' | 'invalid-policy' | 'refused' | 'failed' | 'bug';

/** The facts of a failure besides its message. */
interface FailureFacts {
  readonly code?: FailureCode;
  /** Advice to the user, as an imperative sentence without a full stop. */
  readonly remedy?: string | null;
}

/** An error that ends a command without a result. It goes to stderr as one line. The exit code is 1 (failed) or 2 (wrong usage). */
export class Failure extends Error {
  readonly exitCode: 1 | 2;
  readonly code: FailureCode;
  readonly remedy: string | null;

  constructor(message: string, exitCode: 1 | 2 = 1, { code, remedy = null }: FailureFacts = {}) {
    super(message);
    this.exitCode = exitCode;
    this.code = code ?? (exitCode === 2 ? 'usage' : 'failed');
    this.remedy = remedy;
  }
}

/** Wrong usage: exit 2. */
export const misuse = (message: string, remedy: string | null = null): Failure =>
  new Failure(message, 2, { remedy });

/** A problem that ends the command: exit 1. */
export const failureOf = (problem: Problem, code: FailureCode): Failure =>
  new Failure(describeProblem({ ...problem, remedy: null }), 1, { code, remedy: problem.remedy });
