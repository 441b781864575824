import { SLICE_MS, workOn, type Work } from '../../core/work.ts';

/** The input that an answer is made from. */
export interface Question<Value> {
  /** An answer is kept only while these are the same, each by itself. */
  readonly inputs: readonly unknown[];
  /** Which state of the traffic is asked about. */
  readonly version: number;
  /** Keeps the present answer: the list must not change while a dialog is open. */
  readonly isHeld: boolean;
  /** A key press waits for the answer: an older answer will do if a new one is slow to make. */
  readonly isUrgent: boolean;
  readonly make: () => Work<Value>;
  /** The present answer shows nothing: it is made again after every change, however slow it was. */
  readonly isEmpty?: boolean;
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

/** An answer that takes less time than this is made again after every change. */
const CHEAP_MS = 5;
/** A slower answer may take one part in so many of all time. A caller may ask for another share. */
const SHARE_OF_TIME = 10;
/** Work this short is finished before the redraw: a half answer would only flash up. */
const FIRST_SLICE_MS = 16;

/**
 * Caches an answer until its inputs change. While the traffic changes, it makes a slow answer again only now and then.
 * Long work runs in slices, and is dropped if its question changes.
 */
export class Paced<Value> {
  readonly #clock: () => number;
  readonly #share: number;
  #kept: Answer<Value> | null = null;
  #job: Job<Value> | null = null;
  #isHeld = false;
  #isAsked = false;

  /** `clock` counts milliseconds from any start. One part in `share` of the time may go into answers. */
  constructor(clock: () => number, share = SHARE_OF_TIME) {
    this.#clock = clock;
    this.#share = share;
  }

  /** The answer, perhaps slightly old; null until the first answer to this question is made. */
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
    if (question.isEmpty === true) return false;
    return (question.isUrgent && costMs >= CHEAP_MS) || this.#clock() < until;
  }

  /** Continues the present work for one slice. */
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

  /** The share (0–1) of the present work that is done; null without work. */
  get progress(): number | null {
    return this.#job && !this.#isHeld ? this.#job.share : null;
  }

  /** Drops the present work, because the screen no longer shows it. Returns null. */
  stop(): null {
    this.#job = null;
    this.#isAsked = false;
    return null;
  }

  /** In how many ms a newer answer may be made; null if the last one is of `version`, or if work is under way. */
  dueIn(version: number): number | null {
    if (!this.#isAsked || this.#isHeld || this.#job || !this.#kept || this.#kept.version === version)
      return null;
    return Math.max(0, this.#kept.until - this.#clock());
  }
}

/** Whether all inputs are the same, each by itself. */
export const sameInputs = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((input, index) => Object.is(input, other[index]));
