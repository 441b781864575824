import { spellTerm, type Answer } from '../../core/ask/answer.ts';
import type { Question } from '../../core/ask/question.ts';
import { attemptFields, type Caller } from '../caller.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';

/** The record of a question that its first attempt asked. */
export function askRecord({ id, ...question }: Question, caller: Caller): TunnelRecord {
  const { host, port, url, method, nearest } = question;
  const what = { question: id, port, url, method, nearest, reason: 'not allowlisted' };
  return { event: 'egress_ask', ...attemptFields(host, caller), ...what };
}

/** The record of a question's answer. `attempt` is the first attempt that waited for it, `held` counts all of them. */
export function answerRecord(
  { id, host, port, agent, tool, attempts }: Question,
  { verdict, term, by, via }: Answer,
  { attempt, held }: { readonly attempt: string | null; readonly held: number },
): TunnelRecord {
  return {
    event: 'egress_answer',
    ...attemptFields(host, { agent, tool, attempt }),
    question: id,
    port,
    answer: verdict,
    for: spellTerm(term),
    by,
    via,
    attempts,
    held,
  };
}
