import type { Problem } from '../../core/problem.ts';

/** A problem of a policy as a whole, without a line. */
export const fileProblem = (
  source: string,
  severity: Problem['severity'],
  { why, remedy }: Pick<Problem, 'why' | 'remedy'>,
): Problem => ({ source, line: null, column: null, severity, why, remedy });
