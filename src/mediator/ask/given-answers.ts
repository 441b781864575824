import { spellTerm, type Answer } from '../../core/ask/answer.ts';
import { MemoryRules, type MemoryRule } from '../../core/ask/memory-rules.ts';
import type { Question } from '../../core/ask/question.ts';
import { nextAttemptId } from '../attempt-id.ts';
import type { Caller } from '../caller.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import type { Asked, GivenAnswer } from '../rule-attempt.ts';

/** Rules in memory at once. */
const MOST_RULES = 128;

interface Grant {
  readonly to: CanonicalDestination;
  readonly answer: Answer;
}

/**
 * The answers in force. An answer for once belongs to the caller of one attempt and is gone with that. The others are rules in memory,
 * for their host, port and agent.
 */
export class GivenAnswers {
  readonly #rules = new MemoryRules(MOST_RULES);
  readonly #once = new WeakMap<Caller, Grant>();
  readonly #asked = new WeakMap<Caller, Asked>();

  /** The answer given for this caller and destination; null where none was. */
  answerFor(caller: Caller, to: CanonicalDestination, now: number): GivenAnswer | null {
    const grant = this.#once.get(caller);
    if (grant && grant.to.host === to.host && grant.to.port === to.port)
      return { verdict: grant.answer.verdict, reason: reasonOf(grant.answer) };
    const { host, port } = to;
    const rule = this.#rules.find({ host, port, agent: caller.agent }, now);
    return rule && { verdict: rule.verdict, reason: reasonOfRule(rule) };
  }

  /** How the attempt of this caller was asked about; null where it was not. */
  askedOf(caller: Caller): Asked | null {
    return this.#asked.get(caller) ?? null;
  }

  /** Gives the answer to one attempt. */
  give(caller: Caller, { to, answer }: Grant, asked: Asked): void {
    this.#asked.set(caller, asked);
    if (answer.term.type === 'once') this.#once.set(caller, { to, answer });
  }

  /** Makes a rule of an answer that lasts. Returns whether it did. */
  remember({ host, port, agent }: Question, { verdict, term, by }: Answer, now: number): boolean {
    if (term.type !== 'run' && term.type !== 'time') return false;
    const until = term.type === 'time' ? now + term.ms : null;
    this.#rules.add({ id: nextAttemptId(), host, port, agent, verdict, by, at: now, until });
    return true;
  }

  /** Takes a rule back. Returns whether there was one. */
  forget(id: string): boolean {
    return this.#rules.remove(id) !== null;
  }

  /** Drops the rules that are over. Returns whether there were any. */
  expire(now: number): boolean {
    return this.#rules.expire(now).length > 0;
  }

  /** The end of the rule that ends first; null where none ends by itself. */
  get nextEnd(): number | null {
    return this.#rules.nextEnd;
  }

  /** The rules that hold, oldest first. */
  list(now: number): readonly MemoryRule[] {
    return this.#rules.list(now);
  }
}

const VERBS = { allow: 'allowed', passthrough: 'passed through', deny: 'denied' } as const;

const reasonOf = ({ verdict, term, by }: Answer): string => `${VERBS[verdict]} ${spellTerm(term)} by ${by}`;

const reasonOfRule = ({ verdict, until, by }: MemoryRule): string =>
  until === null
    ? `${VERBS[verdict]} for this run by ${by}`
    : `${VERBS[verdict]} until ${new Date(until).toISOString()} by ${by}`;
