import { randomBytes } from 'node:crypto';
import type { Answer } from '../../core/ask/answer.ts';
import type { Ticket } from '../../core/ask/open-questions.ts';
import { QuestionBook, type QuestionLimits } from '../../core/ask/question-book.ts';
import type { Asking, Question } from '../../core/ask/question.ts';
import { ruleFields } from '../../core/ask/rule-text.ts';
import type { Caller } from '../caller.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import type { Asked, AttemptDenial, GivenAnswer } from '../rule-attempt.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';
import { answerRecord, askRecord } from './ask-records.ts';
import { answeredMessage, askMessage, floodMessage, questionFields } from './ask-messages.ts';
import { GivenAnswers } from './given-answers.ts';
import { QuestionNews } from './question-news.ts';
import { WaitingAttempts, type OpenAttempt } from './waiting-attempts.ts';
import { Wake } from './wake.ts';

/** The parts of the mediator that the questions need. */
export interface QuestionsPort {
  readonly limits: QuestionLimits;
  readonly now: () => number;
  readonly record: (record: TunnelRecord) => unknown;
  /** Tells every operator who follows the questions. */
  readonly tell: (message: object) => void;
  /** Whether the policy in force leaves this open. */
  readonly isOpen: (asking: Asking) => boolean;
  /** A rule in memory is gone: what it permitted may have to end. */
  readonly reconsider: () => void;
}

const BY_POLICY: Answer = { verdict: 'allow', term: { type: 'always' }, by: 'policy', via: 'policy' };

/** Ids that a person can type. Those of two mediators hardly ever meet. */
function questionIds(): () => string {
  const run = randomBytes(3).toString('hex');
  let count = 0;
  return () => `${run}-${(count += 1)}`;
}

/** Holds the attempts that the policy leaves open until an operator answers. An attempt that is not answered is denied. */
export class Questions {
  readonly #port: QuestionsPort;
  readonly #book: QuestionBook;
  readonly #given = new GivenAnswers();
  readonly #news: QuestionNews;
  readonly #waiting: WaitingAttempts;
  /** The operators' announcements that an edit of the policy file is the answer. */
  readonly #announced = new Map<string, Answer>();
  readonly #wake: Wake;

  constructor(port: QuestionsPort) {
    this.#port = port;
    this.#waiting = new WaitingAttempts(this.#given, port.now);
    const book = new QuestionBook(port.limits, questionIds());
    this.#book = book;
    this.#wake = new Wake(() => this.#expire(), port.now);
    this.#news = new QuestionNews(
      {
        question: id => book.question(id),
        get floods() {
          return book.floods;
        },
      },
      port.tell,
    );
  }

  /** Attempts that wait now. */
  get held(): number {
    return this.#book.held;
  }

  /** All there is to tell to an operator who begins to follow. */
  get messages(): readonly object[] {
    return [...this.#book.open.map(askMessage), ...this.#book.floods.map(floodMessage), this.#rulesMessage()];
  }

  /** The open questions, the floods and the rules in memory, as one message. */
  get list(): object {
    const { open, floods } = this.#book;
    return { type: 'questions', questions: open.map(questionFields), floods, rules: this.rules };
  }

  /** The rules in memory as the socket tells them, oldest first. */
  get rules(): readonly object[] {
    return this.#given.list(this.#port.now()).map(ruleFields);
  }

  /** The answer given for this caller and destination; null where none was. */
  answerFor(caller: Caller, to: CanonicalDestination): GivenAnswer | null {
    return this.#given.answerFor(caller, to, this.#port.now());
  }

  /** How the attempt of this caller was asked about; null where it was not. */
  askedOf(caller: Caller): Asked | null {
    return this.#given.askedOf(caller);
  }

  /** Waits for an answer. Null: one was given, and the attempt is to be ruled on again. Else the denial. */
  hold(attempt: OpenAttempt): Promise<AttemptDenial | null> {
    const { to, asker, denial } = attempt;
    const { caller, url, method } = asker;
    const { agent, tool } = caller;
    const nearest = denial.nearest?.why ?? null;
    const knock = this.#book.knock(
      { host: to.host, port: to.port, agent, tool, url, method, nearest },
      this.#port.now(),
    );
    if (knock.type === 'refused') {
      this.#news.changed(knock.id);
      return Promise.resolve({ ...denial, reason: knock.why });
    }
    if (knock.type === 'kept') {
      this.#given.give(caller, { to, answer: knock.answer }, { question: knock.id, waitedMs: 0 });
      return Promise.resolve(null);
    }
    if (knock.isNew) this.#tellNew(knock.id, caller);
    else this.#news.changed(knock.id);
    const { ticket, id: question } = knock;
    const ended = this.#waiting.hold(attempt, { ticket, question }, () => this.#left(ticket));
    this.#schedule();
    return ended;
  }

  /** Takes an answer; returns the message for the operator who gave it. */
  answer(id: string, answer: Answer): object {
    if (answer.term.type === 'always') return this.#announce(id, answer);
    const outcome = this.#book.answer(id, answer);
    if (outcome.type === 'unknown') return { type: 'unanswered', id, why: 'no such question is open' };
    if (outcome.type === 'late') return answeredMessage(id, outcome.first, true);
    if (this.#given.remember(outcome.question, answer, this.#port.now()))
      this.#port.tell(this.#rulesMessage());
    this.#close(outcome.question, answer, outcome.tickets);
    return answeredMessage(id, answer);
  }

  /** The policy file is about to answer. The record will say whose edit that was. */
  #announce(id: string, answer: Answer): object {
    if (!this.#book.question(id)) return this.answer(id, { ...answer, term: { type: 'once' } });
    if (answer.verdict === 'deny')
      return { type: 'unanswered', id, why: 'such a policy names no host to deny' };
    this.#announced.set(id, answer);
    return { type: 'awaited', id, for: 'always' };
  }

  /** Says whether any operator follows the questions. Without one nothing waits. */
  setCanAnswer(canAnswer: boolean): void {
    for (const ticket of this.#book.setCanAnswer(canAnswer)) this.#waiting.deny(ticket, 'nobody to ask');
    this.#schedule();
  }

  /** Lets go what the policy in force answers by now. */
  settle(): void {
    const answerOf = (id: string): Answer => this.#announced.get(id) ?? BY_POLICY;
    const settled = this.#book.settle(asking => !this.#port.isOpen(asking), answerOf);
    for (const { question, tickets } of settled) this.#close(question, answerOf(question.id), tickets);
  }

  /** Takes a rule in memory back; what it permitted ends. Returns whether there was one. */
  forget(id: string): boolean {
    const isGone = this.#given.forget(id);
    if (isGone) this.#rulesEnded();
    return isGone;
  }

  /** Ends its timers. */
  stop(): void {
    this.#wake.stop();
    this.#news.stop();
  }

  #tellNew(id: string, caller: Caller): void {
    const question = this.#book.question(id);
    if (!question) return;
    this.#port.record(askRecord(question, caller));
    this.#port.tell(askMessage(question));
  }

  #close(question: Question, answer: Answer, tickets: readonly Ticket[]): void {
    const { id } = question;
    this.#announced.delete(id);
    this.#news.closed(id);
    const attempt = this.#waiting.attemptOf(tickets[0]);
    this.#port.record(answerRecord(question, answer, { attempt, held: tickets.length }));
    this.#port.tell(answeredMessage(id, answer));
    for (const ticket of tickets) this.#waiting.give(ticket, answer);
    this.#schedule();
  }

  #left(ticket: Ticket): void {
    const id = this.#book.leave(ticket);
    if (id === null) return;
    this.#news.changed(id);
    this.#waiting.deny(ticket, 'not answered: the client gave up');
  }

  #schedule(): void {
    this.#wake.at([this.#book.nextDue, this.#given.nextEnd]);
  }

  #expire(): void {
    const now = this.#port.now();
    const { unanswered, closed } = this.#book.expire(now);
    for (const { id, ticket } of unanswered) {
      this.#news.changed(id);
      this.#waiting.deny(ticket, 'not answered');
    }
    for (const { id } of closed) {
      this.#news.closed(id);
      this.#announced.delete(id);
      this.#port.tell({ type: 'expired', id });
    }
    if (this.#given.expire(now)) this.#rulesEnded();
    this.#schedule();
  }

  #rulesEnded(): void {
    this.#port.tell(this.#rulesMessage());
    this.#port.reconsider();
  }

  #rulesMessage(): object {
    return { type: 'rules', rules: this.rules };
  }
}
