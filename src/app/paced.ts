/** What an answer is made from. */
export interface Question<Value> {
  /** An answer is kept only while these are the same, each by itself. */
  readonly inputs: readonly unknown[];
  /** Which state of the traffic is asked about. */
  readonly version: number;
  /** An answer at hand is kept: it must not change under a decision. */
  readonly isHeld: boolean;
  /** Somebody waits for a key's effect: an answer at hand that was dear to make will do for now. */
  readonly isUrgent: boolean;
  readonly make: () => Value;
}

interface Answer<Value> {
  readonly inputs: readonly unknown[];
  readonly version: number;
  readonly costMs: number;
  readonly until: number;
  readonly value: Value;
}

/** What is made in less time than this is made anew whenever something changed. */
const CHEAP_MS = 5;
/** What costs more is made anew only when a tenth of the time goes into it, or as small a share as is asked for. */
const SHARE_OF_TIME = 10;

/** Keeps an answer while nothing it depends on changed, while it is held, and for as long as its making is worth. */
export class Paced<Value> {
  readonly #clock: () => number;
  readonly #share: number;
  #kept: Answer<Value> | null = null;

  /** `clock` counts milliseconds, from anywhere; one part of `share` may go into making. */
  constructor(clock: () => number, share = SHARE_OF_TIME) {
    this.#clock = clock;
    this.#share = share;
  }

  of(question: Question<Value>): Value {
    const kept = this.#kept && sameInputs(this.#kept.inputs, question.inputs) ? this.#kept : null;
    if (kept && this.#isGood(kept, question)) return kept.value;
    const started = this.#clock();
    const value = question.make();
    const costMs = this.#clock() - started;
    const until = costMs < CHEAP_MS ? 0 : started + costMs * this.#share;
    this.#kept = { inputs: question.inputs, version: question.version, costMs, until, value };
    return value;
  }

  #isGood({ version, costMs, until }: Answer<Value>, question: Question<Value>): boolean {
    if (version === question.version || question.isHeld) return true;
    return (question.isUrgent && costMs >= CHEAP_MS) || this.#clock() < until;
  }

  /** In how many ms a newer answer than the one given last is worth its making; null where that one is of `version`. */
  dueIn(version: number): number | null {
    if (!this.#kept || this.#kept.version === version) return null;
    return Math.max(0, this.#kept.until - this.#clock());
  }
}

const sameInputs = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((input, index) => Object.is(input, other[index]));
