import { parseDuration } from '../time.ts';

/** The fate of an attempt that was asked about. */
export type AnswerVerdict = 'allow' | 'deny' | 'passthrough';

/** Every verdict of an answer. */
export const ANSWER_VERDICTS = ['allow', 'deny', 'passthrough'] as const satisfies readonly AnswerVerdict[];

/**
 * How long an answer holds. `once`: for the attempts that wait, else for the next one. `run`: as long as the mediator lives. `always`:
 * the policy file says it from now on.
 */
export type AnswerTerm =
  | { readonly type: 'once' }
  | { readonly type: 'time'; readonly ms: number }
  | { readonly type: 'run' }
  | { readonly type: 'always' };

/** An answer, who gave it, and by which program. Both names are claims of a process of the same user. */
export interface Answer {
  readonly verdict: AnswerVerdict;
  readonly term: AnswerTerm;
  readonly by: string;
  readonly via: string;
}

/** The verdict that a word names; null for any other word. */
export const readAnswerVerdict = (word: string): AnswerVerdict | null =>
  ANSWER_VERDICTS.find(verdict => verdict === word) ?? null;

/** The longest time that an answer may hold, milliseconds: a year. */
const LONGEST_MS = 366 * 86_400_000;

/** Reads `once`, `run`, `always` or a duration as `10m`; null for anything else, and for more than a year. */
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

/** The term as `readTerm` reads it: a time in the greatest unit that spells it whole. */
export function spellTerm(term: AnswerTerm): string {
  if (term.type !== 'time') return term.type;
  const ms = Math.max(1, Math.round(term.ms));
  const [unit, size] = UNITS.find(([, each]) => ms % each === 0) ?? UNITS[4];
  return `${ms / size}${unit}`;
}
