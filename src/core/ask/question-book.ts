import type { Answer } from './answer.ts';
import { OpenQuestions, type OpenQuestion, type Ticket } from './open-questions.ts';
import type { Asking, Flood, Question } from './question.ts';

/** Limits of a `QuestionBook`; times are in milliseconds. */
export interface QuestionLimits {
  /** Open questions of one agent, and of all agents. */
  readonly perAgent: number;
  readonly inAll: number;
  /** Waiting attempts of one agent, and of all agents. */
  readonly heldPerAgent: number;
  readonly heldInAll: number;
  /** How long an attempt waits. */
  readonly holdMs: number;
  /** How long a question stays open after its latest attempt. */
  readonly keepMs: number;
}

/** The reason why an attempt is denied without an answer. */
export type Unanswered =
  'nobody to ask' | 'not answered' | 'too many questions' | 'too many attempts wait for an answer';

/** The result for an attempt that no entry of the policy names. */
export type Knock =
  | { readonly type: 'held'; readonly id: string; readonly ticket: Ticket; readonly isNew: boolean }
  /** An answer was kept from a moment when no attempt waited. It decides this attempt. */
  | { readonly type: 'kept'; readonly id: string; readonly answer: Answer }
  /** `id`: the question under which the attempt is counted; null where there is no question. */
  | { readonly type: 'refused'; readonly id: string | null; readonly why: Unanswered };

/** A question that ended, with the attempts that still waited. */
export interface ClosedQuestion {
  readonly question: Question;
  readonly tickets: readonly Ticket[];
}

/** The result of giving an answer. `late`: another answer came first. */
export type AnswerOutcome =
  | ({ readonly type: 'answered' } & ClosedQuestion)
  | { readonly type: 'late'; readonly first: Answer }
  | { readonly type: 'unknown' };

/** The waits and the questions whose time is over. */
export interface Expiry {
  readonly unanswered: readonly { readonly id: string; readonly ticket: Ticket }[];
  readonly closed: readonly Question[];
}

/** The number of ended questions whose answers are remembered, so that a late answer can be told which answer came first. */
const REMEMBERED = 256;

/**
 * The open questions and the attempts that wait for them. A wait ends once: by an answer, by its deadline, or because the client or the
 * last operator left. The book has no clock and no timer: callers pass the time.
 */
export class QuestionBook {
  readonly #limits: QuestionLimits;
  readonly #nextId: () => string;
  readonly #questions = new OpenQuestions();
  readonly #answered = new Map<string, Answer>();
  /** Attempts of each agent that were denied without a question, while the agent has open questions. */
  readonly #unasked = new Map<string | null, number>();
  #canAnswer = false;

  /** `nextId` makes a new id for each question. */
  constructor(limits: QuestionLimits, nextId: () => string) {
    this.#limits = limits;
    this.#nextId = nextId;
  }

  /** The number of attempts that wait now. */
  get held(): number {
    return this.#questions.held;
  }

  /** The open questions, oldest first. A question with a kept answer is not open. */
  get open(): readonly Question[] {
    return [...this.#questions.all].filter(({ kept }) => kept === null).map(each => this.#view(each));
  }

  /** The agents that exceeded their limit of questions. */
  get floods(): readonly Flood[] {
    return [...this.#unasked].map(([agent, unasked]) => ({ agent, unasked }));
  }

  /** The open question of this id; null where there is none. */
  question(id: string): Question | null {
    const open = this.#questions.at(id);
    return open && open.kept === null ? this.#view(open) : null;
  }

  /** Takes a new attempt. It waits, is decided by a kept answer, or is refused at once. */
  knock(asking: Asking, now: number): Knock {
    const known = this.#questions.same(asking);
    if (known?.kept && now < this.#keptUntil(known)) {
      this.#forget(known);
      return { type: 'kept', id: known.id, answer: known.kept };
    }
    if (known?.kept) this.#forget(known);
    const open = known?.kept ? undefined : known;
    if (open) [open.attempts, open.lastAt] = [open.attempts + 1, now];
    const why = this.#refusal(asking, open !== undefined);
    if (why !== null) return { type: 'refused', id: open?.id ?? null, why };
    const question = open ?? this.#questions.begin(this.#nextId(), asking, now);
    const ticket = this.#questions.hold(question, now + this.#limits.holdMs);
    return { type: 'held', id: question.id, ticket, isNew: open === undefined };
  }

  #refusal({ agent }: Asking, isOpen: boolean): Unanswered | null {
    const { perAgent, inAll, heldPerAgent, heldInAll } = this.#limits;
    if (!this.#canAnswer) return 'nobody to ask';
    const own = this.#questions.of(agent);
    if (!isOpen && (own.length >= perAgent || this.#questions.size >= inAll)) {
      if (own.length > 0) this.#unasked.set(agent, (this.#unasked.get(agent) ?? 0) + 1);
      return 'too many questions';
    }
    const held = own.reduce((sum, { waiting }) => sum + waiting.size, 0);
    const isFull = held >= heldPerAgent || this.#questions.held >= heldInAll;
    return isFull ? 'too many attempts wait for an answer' : null;
  }

  /** The client of a waiting attempt left. Returns the id of its question, which stays open; null where the wait had already ended. */
  leave(ticket: Ticket): string | null {
    return this.#questions.leave(ticket)?.id ?? null;
  }

  /** Takes the first answer to a question. Where no attempt waits, an answer for `once` is kept for the next attempt. */
  answer(id: string, answer: Answer): AnswerOutcome {
    const first = this.#answered.get(id);
    if (first) return { type: 'late', first };
    const open = this.#questions.at(id);
    if (!open) return { type: 'unknown' };
    this.#remember(id, answer);
    const question = this.#view(open);
    const tickets = this.#questions.release(open);
    if (answer.term.type === 'once' && tickets.length === 0) open.kept = answer;
    else this.#forget(open);
    return { type: 'answered', question, tickets };
  }

  /** Closes the questions that need no answer any more, for example because the policy now lists their host. */
  settle(
    isSettled: (asking: Asking) => boolean,
    answerOf: (id: string) => Answer,
  ): readonly ClosedQuestion[] {
    const settled = [...this.#questions.all].filter(({ kept, asking }) => kept === null && isSettled(asking));
    return settled.map(open => {
      this.#remember(open.id, answerOf(open.id));
      const question = this.#view(open);
      const tickets = this.#questions.release(open);
      this.#forget(open);
      return { question, tickets };
    });
  }

  /** Sets whether an operator is there to answer. When the last one leaves, all waits end: returns the attempts to deny. */
  setCanAnswer(canAnswer: boolean): readonly Ticket[] {
    this.#canAnswer = canAnswer;
    return canAnswer ? [] : [...this.#questions.all].flatMap(open => this.#questions.release(open));
  }

  /** Ends the waits and questions whose time is over at `now`. */
  expire(now: number): Expiry {
    const unanswered: { readonly id: string; readonly ticket: Ticket }[] = [];
    const closed: Question[] = [];
    for (const open of this.#questions.all) {
      for (const [ticket, deadline] of open.waiting)
        if (deadline <= now) {
          this.leave(ticket);
          unanswered.push({ id: open.id, ticket });
        }
      if (open.waiting.size > 0 || this.#keptUntil(open) > now) continue;
      if (open.kept === null) closed.push(this.#view(open));
      this.#forget(open);
    }
    return { unanswered, closed };
  }

  /** The earliest time at which `expire` will end something; null where nothing is open. */
  get nextDue(): number | null {
    const due = [...this.#questions.all].flatMap(open =>
      open.waiting.size > 0 ? [...open.waiting.values()] : [this.#keptUntil(open)],
    );
    return due.length === 0 ? null : Math.min(...due);
  }

  #forget(open: OpenQuestion): void {
    const { agent } = open.asking;
    this.#questions.remove(open);
    if (this.#questions.of(agent).length === 0) this.#unasked.delete(agent);
  }

  #remember(id: string, answer: Answer): void {
    this.#answered.set(id, answer);
    const [oldest] = this.#answered.size > REMEMBERED ? this.#answered.keys() : [];
    if (oldest !== undefined) this.#answered.delete(oldest);
  }

  #keptUntil({ lastAt }: OpenQuestion): number {
    return lastAt + this.#limits.keepMs;
  }

  #view(open: OpenQuestion): Question {
    const { asking, id, attempts, waiting, since } = open;
    const heldUntil = waiting.size === 0 ? null : Math.max(...waiting.values());
    return {
      ...asking,
      id,
      attempts,
      held: waiting.size,
      since,
      heldUntil,
      keptUntil: this.#keptUntil(open),
    };
  }
}
