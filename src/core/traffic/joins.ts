import type { EgressEvent } from '../event.ts';

/** The number of attempts whose records are kept. The oldest attempt is dropped first. */
const ATTEMPTS = 10_000;
/** The number of records kept for one attempt. */
const RECORDS = 32;

/** The first record of an attempt, and the later ones. Most attempts have no later one. */
interface JoinedRecords {
  readonly first: EgressEvent;
  others: EgressEvent[] | null;
}

/** Finds the other records of an attempt by its correlation id: the hops of a request, and the tool call that caused them. */
export class Joins {
  /** By system, then by id. */
  readonly #attempts = new Map<string, Map<string, JoinedRecords>>();
  /**
   * The first records as a ring buffer, whose oldest item is at `#oldest`. (Asking a Map of 10,000 for its first key again and again takes
   * 6 µs.)
   */
  readonly #firsts: EgressEvent[] = [];
  #oldest = 0;

  add(event: EgressEvent): void {
    const { system, correlationId: id } = event;
    if (id === null) return;
    let ids = this.#attempts.get(system);
    if (!ids) this.#attempts.set(system, (ids = new Map()));
    const known = ids.get(id);
    if (known) join(known, event);
    else {
      ids.set(id, { first: event, others: null });
      this.#remember(event);
    }
  }

  /** Stores the attempt. Above the limit it replaces the oldest one. */
  #remember(event: EgressEvent): void {
    const oldest = this.#firsts[this.#oldest];
    if (oldest) this.#attempts.get(oldest.system)?.delete(oldest.correlationId ?? '');
    this.#firsts[this.#oldest] = event;
    this.#oldest = (this.#oldest + 1) % ATTEMPTS;
  }

  /** The other records of the same attempt, oldest first. */
  of(event: EgressEvent): readonly EgressEvent[] {
    const { system, correlationId: id } = event;
    const attempt = id === null ? undefined : this.#attempts.get(system)?.get(id);
    return attempt ? [attempt.first, ...(attempt.others ?? [])].filter(other => other !== event) : [];
  }

  merge(newer: Joins): void {
    const all = newer.#firsts.length;
    for (let index = 0; index < all; index += 1) {
      const first = newer.#firsts[(newer.#oldest + index) % all];
      if (first) for (const event of [first, ...newer.of(first)]) this.add(event);
    }
  }
}

function join(attempt: JoinedRecords, event: EgressEvent): void {
  if ((attempt.others?.length ?? 0) < RECORDS - 1) (attempt.others ??= []).push(event);
}
