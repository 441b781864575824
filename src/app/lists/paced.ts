import { SLICE_MS, workOn, type Work } from '../../core/work.ts';

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
  readonly make: () => Work<Value>;
}

interface Answer<Value> {
  readonly inputs: readonly unknown[];
  readonly version: number;
  readonly costMs: number;
  readonly until: number;
  readonly value: Value;
}

interface Job<Value> {
  readonly inputs: readonly unknown[];
  readonly version: number;
  readonly work: Work<Value>;
  costMs: number;
  share: number;
}

/** What is made in less time than this is made anew whenever something changed. */
const CHEAP_MS = 5;
/** What costs more is made anew only when a tenth of the time goes into it, or as small a share as is asked for. */
const SHARE_OF_TIME = 10;
/** What can be made in so long is made before anything else is shown: half of it would flash up. */
const FIRST_SLICE_MS = 16;

/**
 * Keeps an answer while nothing it depends on changed, while it is held, and for as long as its making is worth. What takes long is
 * made in slices, and thrown away where its question changed meanwhile.
 */
export class Paced<Value> {
  readonly #clock: () => number;
  readonly #share: number;
  #kept: Answer<Value> | null = null;
  #job: Job<Value> | null = null;
  #isHeld = false;
  #isAsked = false;

  /** `clock` counts milliseconds, from anywhere; one part of `share` may go into making. */
  constructor(clock: () => number, share = SHARE_OF_TIME) {
    this.#clock = clock;
    this.#share = share;
  }

  /** The answer, perhaps one that was right a moment ago; null while the first one to this question is being made. */
  of(question: Question<Value>): Value | null {
    const kept = this.#answerTo(question);
    if (this.#job && !sameInputs(this.#job.inputs, question.inputs)) this.#job = null;
    this.#isHeld = kept !== null && question.isHeld;
    this.#isAsked = true;
    if (kept && this.#isGood(kept, question)) return kept.value;
    if (!this.#job) {
      const { inputs, version, make } = question;
      this.#job = { inputs, version, work: make(), costMs: 0, share: 0 };
      this.advance(FIRST_SLICE_MS);
    }
    return this.#answerTo(question)?.value ?? null;
  }

  #answerTo({ inputs }: Question<Value>): Answer<Value> | null {
    return this.#kept && sameInputs(this.#kept.inputs, inputs) ? this.#kept : null;
  }

  #isGood({ version, costMs, until }: Answer<Value>, question: Question<Value>): boolean {
    if (version === question.version || question.isHeld) return true;
    return (question.isUrgent && costMs >= CHEAP_MS) || this.#clock() < until;
  }

  /** Goes on with what is being made, for a slice. */
  advance(sliceMs = SLICE_MS): void {
    const job = this.#job;
    if (!job || this.#isHeld) return;
    const startedAt = this.#clock();
    const step = workOn(job.work, sliceMs, this.#clock);
    const now = this.#clock();
    job.costMs += now - startedAt;
    if (!step.done) {
      job.share = step.value;
      return;
    }
    const { inputs, version, costMs } = job;
    const until = costMs < CHEAP_MS ? 0 : now + costMs * (this.#share - 1);
    this.#kept = { inputs, version, costMs, until, value: step.value };
    this.#job = null;
  }

  /** The share that is done of what is being made; null where nothing is. */
  get progress(): number | null {
    return this.#job && !this.#isHeld ? this.#job.share : null;
  }

  /** Nobody asks any more: what is being made is thrown away. Gives nothing. */
  stop(): null {
    this.#job = null;
    this.#isAsked = false;
    return null;
  }

  /** In how many ms a newer answer than the one given last is worth its making; null where that one is of `version`, or is being made. */
  dueIn(version: number): number | null {
    if (!this.#isAsked || this.#isHeld || this.#job || !this.#kept || this.#kept.version === version)
      return null;
    return Math.max(0, this.#kept.until - this.#clock());
  }
}

const sameInputs = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((input, index) => Object.is(input, other[index]));
