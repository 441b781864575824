import type { AnswerVerdict } from './answer.ts';

/** Whom and where a rule in memory concerns. */
export interface RuleSubject {
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
}

/** An answer that holds for a time, or as long as the mediator lives. It stands in no file. */
export interface MemoryRule extends RuleSubject {
  readonly id: string;
  readonly verdict: AnswerVerdict;
  readonly by: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Its end, unix milliseconds; null: it ends with the mediator. */
  readonly until: number | null;
}

/** The rules in a mediator's memory. Where there are too many, the oldest goes, and its host is asked about again. */
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

  /** Takes a rule in, in place of an older one of the same host, port and agent. */
  add(rule: MemoryRule): void {
    this.#rules.delete(keyOf(rule));
    this.#rules.set(keyOf(rule), rule);
    const [oldest] = this.#rules.size > this.#most ? this.#rules.keys() : [];
    if (oldest !== undefined) this.#rules.delete(oldest);
  }

  /** The rule for this subject that holds at this time; null where there is none. */
  find(subject: RuleSubject, now: number): MemoryRule | null {
    const rule = this.#rules.get(keyOf(subject));
    return rule && holds(rule, now) ? rule : null;
  }

  /** Takes a rule out; null where there is none of this id. */
  remove(id: string): MemoryRule | null {
    const rule = [...this.#rules.values()].find(each => each.id === id) ?? null;
    if (rule) this.#rules.delete(keyOf(rule));
    return rule;
  }

  /** Drops the rules that are over, and returns them. */
  expire(now: number): readonly MemoryRule[] {
    const over = [...this.#rules.values()].filter(rule => !holds(rule, now));
    for (const rule of over) this.#rules.delete(keyOf(rule));
    return over;
  }

  /** The end of the rule that ends first; null where none ends by itself. */
  get nextEnd(): number | null {
    const ends = [...this.#rules.values()].flatMap(({ until }) => (until === null ? [] : [until]));
    return ends.length === 0 ? null : Math.min(...ends);
  }
}

const holds = ({ until }: MemoryRule, now: number): boolean => until === null || until > now;

/** Neither a host nor a port has a blank. */
const keyOf = ({ host, port, agent }: RuleSubject): string => `${host} ${port} ${agent ?? ''}`;
