import { parseDuration } from '../time.ts';

/** The operator's decision on an attempt that the mediator asked about. */
export type AnswerVerdict = 'allow' | 'deny' | 'passthrough';

/** All verdicts of an answer. */
export const ANSWER_VERDICTS = ['allow', 'deny', 'passthrough'] as const satisfies readonly AnswerVerdict[];

/**
 * How long an answer holds. `once`: for the waiting attempts, or for the next one if none waits. `run`: until the mediator ends. `always`:
 * the entry is written into the policy file.
 */
export type AnswerTerm =
  | { readonly type: 'once' }
  | { readonly type: 'time'; readonly ms: number }
  | { readonly type: 'run' }
  | { readonly type: 'always' };

/** An answer. `by` names the person, `via` the program. Nothing proves either name: a process of the same user claims them. */
export interface Answer {
  readonly verdict: AnswerVerdict;
  readonly term: AnswerTerm;
  readonly by: string;
  readonly via: string;
}

/** The verdict that a word names; null for any other word. */
export const readAnswerVerdict = (word: string): AnswerVerdict | null =>
  ANSWER_VERDICTS.find(verdict => verdict === word) ?? null;

/** The longest time that an answer may hold, in milliseconds: one year. */
const LONGEST_MS = 366 * 86_400_000;

/** Reads `once`, `run`, `always` or a duration such as `10m`. Null for any other text and for more than a year. */
export function readTerm(text: string): AnswerTerm | null {
  if (text === 'once' || text === 'run' || text === 'always') return { type: text };
  const ms = parseDuration(text);
  return ms === null || ms < 1 || ms > LONGEST_MS ? null : { type: 'time', ms };
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** Spells a term as `readTerm` reads it. A duration gets its largest unit that gives a whole number. */
export function spellTerm(term: AnswerTerm): string {
  if (term.type !== 'time') return term.type;
  const ms = Math.max(1, Math.round(term.ms));
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0) ?? UNITS[4];
  return `${ms / size}${unit}`;
}
