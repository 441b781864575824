import { spellTerm, type Answer } from '../../core/ask/answer.ts';
import type { Flood, Question } from '../../core/ask/question.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** A question as the socket tells it, with times in ISO. Sent again whenever it changed. */
export const askMessage = (question: Question): object => ({ type: 'ask', ...questionFields(question) });

/** The fields of a question in a message or a list. Unknown ones are left out. */
export const questionFields = ({ since, heldUntil, keptUntil, ...rest }: Question): object => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)),
  since: iso(since),
  ...(heldUntil === null ? {} : { heldUntil: iso(heldUntil) }),
  keptUntil: iso(keptUntil),
});

/** A question was answered: by whom, and for how long. `late` where another answer was first. */
export const answeredMessage = (id: string, { verdict, term, by, via }: Answer, isLate = false): object => ({
  type: 'answered',
  id,
  answer: verdict,
  by,
  via,
  for: spellTerm(term),
  ...(isLate ? { late: true } : {}),
});

/** An agent asks more than it may. */
export const floodMessage = ({ agent, unasked }: Flood): object => ({ type: 'flood', agent, unasked });
