import type { Answer } from './answer.ts';
import type { Asking } from './question.ts';

/** The number of a waiting attempt. No number is used twice. */
export type Ticket = number;

/** A question with the attempts that wait for its answer, each with its deadline. */
export interface OpenQuestion {
  readonly id: string;
  readonly asking: Asking;
  readonly since: number;
  attempts: number;
  lastAt: number;
  readonly waiting: Map<Ticket, number>;
  /** An answer that came while no attempt waited. It is used for the next attempt. */
  kept: Answer | null;
}

/** The questions that have not ended. They can be found by id, by destination and agent, and by a waiting attempt. */
export class OpenQuestions {
  readonly #byKey = new Map<string, OpenQuestion>();
  readonly #byId = new Map<string, OpenQuestion>();
  readonly #byTicket = new Map<Ticket, OpenQuestion>();
  #lastTicket = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** The number of attempts that wait now. */
  get held(): number {
    return this.#byTicket.size;
  }

  /** All questions, oldest first. A caller may remove questions while it iterates. */
  get all(): IterableIterator<OpenQuestion> {
    return this.#byId.values();
  }

  /** The question of this id. */
  at(id: string): OpenQuestion | undefined {
    return this.#byId.get(id);
  }

  /** The question with the same destination and agent. */
  same(asking: Asking): OpenQuestion | undefined {
    return this.#byKey.get(keyOf(asking));
  }

  /** The questions of one agent, oldest first. */
  of(agent: string | null): readonly OpenQuestion[] {
    return [...this.all].filter(({ asking }) => asking.agent === agent);
  }

  /** Opens a question at its first attempt. */
  begin(id: string, asking: Asking, now: number): OpenQuestion {
    const begun = { id, asking, since: now, attempts: 1, lastAt: now, waiting: new Map(), kept: null };
    this.#byKey.set(keyOf(asking), begun);
    this.#byId.set(id, begun);
    return begun;
  }

  /** Removes a question that has no waiting attempt. */
  remove({ id, asking }: OpenQuestion): void {
    this.#byId.delete(id);
    this.#byKey.delete(keyOf(asking));
  }

  /** Makes an attempt wait for a question until the deadline (unix ms). */
  hold(question: OpenQuestion, deadline: number): Ticket {
    const ticket = ++this.#lastTicket;
    question.waiting.set(ticket, deadline);
    this.#byTicket.set(ticket, question);
    return ticket;
  }

  /** Ends the wait of one attempt. Returns its question, which stays open; null where that wait had already ended. */
  leave(ticket: Ticket): OpenQuestion | null {
    const question = this.#byTicket.get(ticket) ?? null;
    question?.waiting.delete(ticket);
    this.#byTicket.delete(ticket);
    return question;
  }

  /** Ends the wait of all attempts of a question, and returns them. */
  release({ waiting }: OpenQuestion): readonly Ticket[] {
    const tickets = [...waiting.keys()];
    for (const ticket of tickets) this.leave(ticket);
    return tickets;
  }
}

/** A blank is a safe separator: neither a host nor a port holds one. */
const keyOf = ({ host, port, agent }: Asking): string => `${host} ${port} ${agent ?? ''}`;
