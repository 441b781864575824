import { describeProblem, type Problem } from '../../core/problem.ts';

/** Stands before the reason why an edit changes nothing; the reason of an undo needs no such words. */
export const NOTHING_TO_CHANGE = 'nothing to change: ';

/** Why nothing was done. */
export type Refusal =
  | { readonly type: 'unchanged'; readonly why: string; readonly notes?: readonly string[] }
  | { readonly type: 'refused'; readonly why: string; readonly problems: readonly Problem[] }
  | { readonly type: 'failed'; readonly problem: Problem };

/** The answer of a port that did nothing: one line of text. */
export function refused(
  refusal: Refusal,
  unchanged = '',
): { readonly type: 'refused'; readonly why: string } {
  switch (refusal.type) {
    case 'unchanged':
      return { type: 'refused', why: [`${unchanged}${refusal.why}`, ...(refusal.notes ?? [])].join('; ') };
    case 'refused':
      return {
        type: 'refused',
        why: [refusal.why, ...refusal.problems.map(describeProblem)].join('; '),
      };
    case 'failed':
      return { type: 'refused', why: describeProblem(refusal.problem) };
  }
}
