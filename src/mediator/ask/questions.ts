import { randomBytes } from 'node:crypto';
import { spellTerm, type Answer } from '../../core/ask/answer.ts';
import { QuestionBook, type QuestionLimits, type Ticket } from '../../core/ask/question-book.ts';
import type { Asking, Question } from '../../core/ask/question.ts';
import { ruleFields } from '../../core/ask/rule-text.ts';
import { attemptFields, type Caller } from '../caller.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import type { Asked, AttemptDenial, GivenAnswer } from '../rule-attempt.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';
import { answeredMessage, askMessage, floodMessage, questionFields } from './ask-messages.ts';
import type { Asker } from './asker.ts';
import { GivenAnswers } from './given-answers.ts';
import { QuestionNews } from './question-news.ts';
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

/** An attempt that is to wait: the denial that it gets where nobody answers is made of this one. */
interface OpenAttempt {
  readonly to: CanonicalDestination;
  readonly asker: Asker;
  readonly denial: AttemptDenial;
}

interface WaitingAttempt extends OpenAttempt {
  readonly question: string;
  readonly since: number;
  readonly end: (denial: AttemptDenial | null) => void;
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
  readonly #waiting = new Map<Ticket, WaitingAttempt>();
  /** Who said that an edit of the policy file is the answer. */
  readonly #announced = new Map<string, Answer>();
  readonly #wake: Wake;

  constructor(port: QuestionsPort) {
    this.#port = port;
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
    const since = this.#port.now();
    const nearest = denial.nearest?.why ?? null;
    const knock = this.#book.knock(
      { host: to.host, port: to.port, agent, tool, url, method, nearest },
      since,
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
    return new Promise(resolve => {
      const stopWatching = asker.whileHeld(() => this.#left(knock.ticket));
      const end = (result: AttemptDenial | null): void => {
        this.#waiting.delete(knock.ticket);
        stopWatching();
        resolve(result);
      };
      this.#waiting.set(knock.ticket, { ...attempt, question: knock.id, since, end });
      this.#schedule();
    });
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
    for (const ticket of this.#book.setCanAnswer(canAnswer)) this.#deny(ticket, 'nobody to ask');
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
    const { host, port, url, method, nearest } = question;
    const what = { question: id, port, url, method, nearest, reason: 'not allowlisted' };
    this.#port.record({ event: 'egress_ask', ...attemptFields(host, caller), ...what });
    this.#port.tell(askMessage(question));
  }

  #close(question: Question, answer: Answer, tickets: readonly Ticket[]): void {
    const { id, host, port, agent, tool, attempts } = question;
    this.#announced.delete(id);
    this.#news.closed(id);
    const { verdict, term, by, via } = answer;
    const attempt = this.#waiting.get(tickets[0] ?? -1)?.asker.caller.attempt ?? null;
    const said = { question: id, port, answer: verdict, for: spellTerm(term), by, via };
    const counts = { attempts, held: tickets.length };
    this.#port.record({
      event: 'egress_answer',
      ...attemptFields(host, { agent, tool, attempt }),
      ...said,
      ...counts,
    });
    this.#port.tell(answeredMessage(id, answer));
    for (const ticket of tickets) this.#give(ticket, answer);
    this.#schedule();
  }

  #give(ticket: Ticket, answer: Answer): void {
    const waiting = this.#waiting.get(ticket);
    if (!waiting) return;
    this.#given.give(waiting.asker.caller, { to: waiting.to, answer }, this.#askedBy(waiting));
    waiting.end(null);
  }

  #left(ticket: Ticket): void {
    const id = this.#book.leave(ticket);
    if (id === null) return;
    this.#news.changed(id);
    this.#deny(ticket, 'not answered: the client gave up');
  }

  #deny(ticket: Ticket, reason: string): void {
    const waiting = this.#waiting.get(ticket);
    waiting?.end({ ...waiting.denial, reason, asked: this.#askedBy(waiting) });
  }

  #askedBy({ question, since }: WaitingAttempt): Asked {
    return { question, waitedMs: Math.round(this.#port.now() - since) };
  }

  #schedule(): void {
    this.#wake.at([this.#book.nextDue, this.#given.nextEnd]);
  }

  #expire(): void {
    const now = this.#port.now();
    const { unanswered, closed } = this.#book.expire(now);
    for (const { id, ticket } of unanswered) {
      this.#news.changed(id);
      this.#deny(ticket, 'not answered');
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
