import type { Answer } from '../../core/ask/answer.ts';
import type { Ticket } from '../../core/ask/open-questions.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import type { Asked, AttemptDenial } from '../rule-attempt.ts';
import type { Asker } from './asker.ts';
import type { GivenAnswers } from './given-answers.ts';

/** An attempt that is to wait: the denial that it gets where nobody answers is made of this one. */
export interface OpenAttempt {
  readonly to: CanonicalDestination;
  readonly asker: Asker;
  readonly denial: AttemptDenial;
}

interface WaitingAttempt extends OpenAttempt {
  readonly question: string;
  readonly since: number;
  readonly end: (denial: AttemptDenial | null) => void;
}

/** The attempts that wait for an answer, by their tickets. Each ends once: with the answer, or with its denial. */
export class WaitingAttempts {
  readonly #given: GivenAnswers;
  readonly #now: () => number;
  readonly #waiting = new Map<Ticket, WaitingAttempt>();

  constructor(given: GivenAnswers, now: () => number) {
    this.#given = given;
    this.#now = now;
  }

  /** Lets an attempt wait, and calls `left` if its client goes. Null: an answer was given. Else the denial. */
  hold(
    attempt: OpenAttempt,
    { ticket, question }: { readonly ticket: Ticket; readonly question: string },
    left: () => void,
  ): Promise<AttemptDenial | null> {
    return new Promise(resolve => {
      const stopWatching = attempt.asker.whileHeld(left);
      const end = (result: AttemptDenial | null): void => {
        this.#waiting.delete(ticket);
        stopWatching();
        resolve(result);
      };
      this.#waiting.set(ticket, { ...attempt, question, since: this.#now(), end });
    });
  }

  /** The id of the attempt that waits with this ticket; null where none does. */
  attemptOf(ticket: Ticket | undefined): string | null {
    return (ticket === undefined ? null : this.#waiting.get(ticket)?.asker.caller.attempt) ?? null;
  }

  /** Ends the wait with an answer. */
  give(ticket: Ticket, answer: Answer): void {
    const waiting = this.#waiting.get(ticket);
    if (!waiting) return;
    this.#given.give(waiting.asker.caller, { to: waiting.to, answer }, this.#askedBy(waiting));
    waiting.end(null);
  }

  /** Ends the wait with a denial for this reason. */
  deny(ticket: Ticket, reason: string): void {
    const waiting = this.#waiting.get(ticket);
    waiting?.end({ ...waiting.denial, reason, asked: this.#askedBy(waiting) });
  }

  #askedBy({ question, since }: WaitingAttempt): Asked {
    return { question, waitedMs: Math.round(this.#now() - since) };
  }
}
