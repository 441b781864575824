import { SLICE_MS, workOn, type Work } from '../../core/work.ts';

/** The input of an answer. */
export interface Question<Value> {
  /** A cached answer is valid only while each of these is unchanged (compared by identity). */
  readonly inputs: readonly unknown[];
  /** The version of the traffic. */
  readonly version: number;
  /** Whether the present answer must stay, because an open dialog must not see the list change. */
  readonly isHeld: boolean;
  /** Whether a key press waits for the answer. An older answer is then returned if a new one takes long. */
  readonly isUrgent: boolean;
  readonly make: () => Work<Value>;
  /** Whether the present answer shows nothing. It is then computed again after every change, however long that takes. */
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

/** Answers that take less time are computed again after every change. */
const CHEAP_MS = 5;
/** Slower answers may take this fraction of all time (1/10). A caller can choose another fraction. */
const SHARE_OF_TIME = 10;
/** Work up to this length is finished before the redraw, to avoid showing a partial answer briefly. */
const FIRST_SLICE_MS = 16;

/**
 * Caches an answer until its inputs change. While the traffic changes, a slow answer is computed again only from time to time. Long work
 * runs in slices, and is dropped if its question changes.
 */
export class Paced<Value> {
  readonly #clock: () => number;
  readonly #share: number;
  #kept: Answer<Value> | null = null;
  #job: Job<Value> | null = null;
  #isHeld = false;
  #isAsked = false;

  /** `clock` returns milliseconds since any start. Answers may take 1/`share` of all time. */
  constructor(clock: () => number, share = SHARE_OF_TIME) {
    this.#clock = clock;
    this.#share = share;
  }

  /** The answer, which may be slightly outdated; null until the first one is computed. */
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

  /** Continues the work for one time slice. */
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

  /** The progress (0–1) of the work; null without work. */
  get progress(): number | null {
    return this.#job && !this.#isHeld ? this.#job.share : null;
  }

  /** Drops the work, because the screen no longer shows its result. Returns null. */
  stop(): null {
    this.#job = null;
    this.#isAsked = false;
    return null;
  }

  /** Milliseconds until a newer answer may be computed. Null if the last one is of `version`, or if work is in progress. */
  dueIn(version: number): number | null {
    if (!this.#isAsked || this.#isHeld || this.#job || !this.#kept || this.#kept.version === version)
      return null;
    return Math.max(0, this.#kept.until - this.#clock());
  }
}

/** Whether all inputs are pairwise identical. */
export const sameInputs = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((input, index) => Object.is(input, other[index]));
