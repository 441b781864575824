import type { Answer } from './answer.ts';
import type { Asking } from './question.ts';

/** A waiting attempt. A number is never given twice. */
export type Ticket = number;

/** A question with the attempts that wait for its answer, each with its deadline. */
export interface OpenQuestion {
  readonly id: string;
  readonly asking: Asking;
  readonly since: number;
  attempts: number;
  lastAt: number;
  readonly waiting: Map<Ticket, number>;
  /** An answer for one attempt, which came while none waited. */
  kept: Answer | null;
}

/** The questions that have not ended, found by their id, by what they ask, and by an attempt that waits. */
export class OpenQuestions {
  readonly #byKey = new Map<string, OpenQuestion>();
  readonly #byId = new Map<string, OpenQuestion>();
  readonly #byTicket = new Map<Ticket, OpenQuestion>();
  #lastTicket = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** Attempts that wait now. */
  get held(): number {
    return this.#byTicket.size;
  }

  /** All of them, oldest first. A question may be removed while they are read. */
  get all(): IterableIterator<OpenQuestion> {
    return this.#byId.values();
  }

  /** The question of this id. */
  at(id: string): OpenQuestion | undefined {
    return this.#byId.get(id);
  }

  /** The question that asks the same for the same agent. */
  same(asking: Asking): OpenQuestion | undefined {
    return this.#byKey.get(keyOf(asking));
  }

  /** The questions of one agent, oldest first. */
  of(agent: string | null): readonly OpenQuestion[] {
    return [...this.all].filter(({ asking }) => asking.agent === agent);
  }

  /** Adds a question that was asked once. */
  begin(id: string, asking: Asking, now: number): OpenQuestion {
    const begun = { id, asking, since: now, attempts: 1, lastAt: now, waiting: new Map(), kept: null };
    this.#byKey.set(keyOf(asking), begun);
    this.#byId.set(id, begun);
    return begun;
  }

  /** Removes a question for which nothing waits. */
  remove({ id, asking }: OpenQuestion): void {
    this.#byId.delete(id);
    this.#byKey.delete(keyOf(asking));
  }

  /** Lets an attempt wait for a question until the deadline. */
  hold(question: OpenQuestion, deadline: number): Ticket {
    const ticket = ++this.#lastTicket;
    question.waiting.set(ticket, deadline);
    this.#byTicket.set(ticket, question);
    return ticket;
  }

  /** Ends the wait of one attempt. Returns its question, which stays open; null where the attempt had ended. */
  leave(ticket: Ticket): OpenQuestion | null {
    const question = this.#byTicket.get(ticket) ?? null;
    question?.waiting.delete(ticket);
    this.#byTicket.delete(ticket);
    return question;
  }

  /** Ends the wait of all attempts at a question, and returns them. */
  release({ waiting }: OpenQuestion): readonly Ticket[] {
    const tickets = [...waiting.keys()];
    for (const ticket of tickets) this.leave(ticket);
    return tickets;
  }
}

/** Neither a host nor a port has a blank. */
const keyOf = ({ host, port, agent }: Asking): string => `${host} ${port} ${agent ?? ''}`;
