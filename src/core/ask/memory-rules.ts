import type { AnswerVerdict } from './answer.ts';

/** The destination and the agent that a memory rule applies to. */
export interface RuleSubject {
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
}

/** An answer that holds for a time or until the mediator ends. It is kept in memory only. */
export interface MemoryRule extends RuleSubject {
  readonly id: string;
  readonly verdict: AnswerVerdict;
  readonly by: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Unix milliseconds of the rule's end; null: it ends with the mediator. */
  readonly until: number | null;
}

/** The rules in a mediator's memory. Above the limit the oldest rule is dropped, and the mediator asks about its host again. */
export class MemoryRules {
  readonly #most: number;
  /** By subject, oldest first. */
  readonly #rules = new Map<string, MemoryRule>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The rules that hold at this time, oldest first. */
  list(now: number): readonly MemoryRule[] {
    return [...this.#rules.values()].filter(rule => holds(rule, now));
  }

  /** Adds a rule. It replaces an older rule for the same host, port and agent. */
  add(rule: MemoryRule): void {
    this.#rules.delete(keyOf(rule));
    this.#rules.set(keyOf(rule), rule);
    const [oldest] = this.#rules.size > this.#most ? this.#rules.keys() : [];
    if (oldest !== undefined) this.#rules.delete(oldest);
  }

  /** The rule that applies to this subject at this time; null where none does. */
  find(subject: RuleSubject, now: number): MemoryRule | null {
    const rule = this.#rules.get(keyOf(subject));
    return rule && holds(rule, now) ? rule : null;
  }

  /** Removes a rule; null where no rule has this id. */
  remove(id: string): MemoryRule | null {
    const rule = [...this.#rules.values()].find(each => each.id === id) ?? null;
    if (rule) this.#rules.delete(keyOf(rule));
    return rule;
  }

  /** Drops the rules that have ended, and returns them. */
  expire(now: number): readonly MemoryRule[] {
    const over = [...this.#rules.values()].filter(rule => !holds(rule, now));
    for (const rule of over) this.#rules.delete(keyOf(rule));
    return over;
  }

  /** Unix milliseconds of the next end of a rule; null where no rule ends by time. */
  get nextEnd(): number | null {
    const ends = [...this.#rules.values()].flatMap(({ until }) => (until === null ? [] : [until]));
    return ends.length === 0 ? null : Math.min(...ends);
  }
}

const holds = ({ until }: MemoryRule, now: number): boolean => until === null || until > now;

/** A blank is a safe separator: neither a host nor a port holds one. */
const keyOf = ({ host, port, agent }: RuleSubject): string => `${host} ${port} ${agent ?? ''}`;
