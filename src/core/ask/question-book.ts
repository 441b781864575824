import type { Answer } from './answer.ts';
import { OpenQuestions, type OpenQuestion, type Ticket } from './open-questions.ts';
import type { Asking, Flood, Question } from './question.ts';

/** Bounds of a book of questions, and its times in milliseconds. */
export interface QuestionLimits {
  /** Open questions of one agent, and in all. */
  readonly perAgent: number;
  readonly inAll: number;
  /** Waiting attempts of one agent, and in all. */
  readonly heldPerAgent: number;
  readonly heldInAll: number;
  /** How long an attempt waits. */
  readonly holdMs: number;
  /** How long a question stays open after its last attempt. */
  readonly keepMs: number;
}

/** Why an attempt is denied unanswered. */
export type Unanswered =
  'nobody to ask' | 'not answered' | 'too many questions' | 'too many attempts wait for an answer';

/** The fate of an attempt that the policy does not list. */
export type Knock =
  | { readonly type: 'held'; readonly id: string; readonly ticket: Ticket; readonly isNew: boolean }
  /** The answer came while no attempt waited, and was kept for this one. */
  | { readonly type: 'kept'; readonly id: string; readonly answer: Answer }
  /** `id`: the question that counts it; null where there is none. */
  | { readonly type: 'refused'; readonly id: string | null; readonly why: Unanswered };

/** A question that ended, with the attempts that waited for that. */
export interface ClosedQuestion {
  readonly question: Question;
  readonly tickets: readonly Ticket[];
}

/** The result of an answer. `late`: another was first. */
export type AnswerOutcome =
  | ({ readonly type: 'answered' } & ClosedQuestion)
  | { readonly type: 'late'; readonly first: Answer }
  | { readonly type: 'unknown' };

/** The questions and rules that ended by time alone. */
export interface Expiry {
  readonly unanswered: readonly { readonly id: string; readonly ticket: Ticket }[];
  readonly closed: readonly Question[];
}

/** Answers that are remembered, so that a late one learns whose was first. */
const REMEMBERED = 256;

/**
 * The open questions and the attempts that wait for them. Each attempt that waits ends once: by an answer, by time, or because its
 * client or the last operator left. It holds no clock and no timer: time comes in.
 */
export class QuestionBook {
  readonly #limits: QuestionLimits;
  readonly #nextId: () => string;
  readonly #questions = new OpenQuestions();
  readonly #answered = new Map<string, Answer>();
  /** Attempts that were denied without a question, for agents that have open ones. */
  readonly #unasked = new Map<string | null, number>();
  #canAnswer = false;

  /** `nextId` gives every question an id of its own. */
  constructor(limits: QuestionLimits, nextId: () => string) {
    this.#limits = limits;
    this.#nextId = nextId;
  }

  /** Attempts that wait now. */
  get held(): number {
    return this.#questions.held;
  }

  /** The open questions, oldest first. Those with a kept answer are not open. */
  get open(): readonly Question[] {
    return [...this.#questions.all].filter(({ kept }) => kept === null).map(each => this.#view(each));
  }

  /** The agents that asked more than they may. */
  get floods(): readonly Flood[] {
    return [...this.#unasked].map(([agent, unasked]) => ({ agent, unasked }));
  }

  /** The open question of this id; null where there is none. */
  question(id: string): Question | null {
    const open = this.#questions.at(id);
    return open && open.kept === null ? this.#view(open) : null;
  }

  /** An attempt comes. It is held, takes a kept answer, or is refused at once. */
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

  /** The client of a waiting attempt left. Returns the id of its question, which stays open; null where the attempt had ended. */
  leave(ticket: Ticket): string | null {
    return this.#questions.leave(ticket)?.id ?? null;
  }

  /** Takes the first answer to a question. An answer for `once` is kept for the next attempt where none waits. */
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

  /** Closes the questions that need no answer any more, as when the policy lists their host. */
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

  /** Says whether anybody can answer. When the last operator leaves, nothing waits any more: returns the attempts to deny. */
  setCanAnswer(canAnswer: boolean): readonly Ticket[] {
    this.#canAnswer = canAnswer;
    return canAnswer ? [] : [...this.#questions.all].flatMap(open => this.#questions.release(open));
  }

  /** Ends what has waited or stayed open long enough. */
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

  /** The time at which `expire` has something to do; null where nothing is open. */
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
