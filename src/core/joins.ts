import type { EgressEvent } from './event.ts';

/** Attempts whose records are kept together; the oldest go first. */
const ATTEMPTS = 10_000;
/** Records kept for one attempt. */
const RECORDS = 32;

/** Finds the other records of an attempt by its correlation id: the hops of a request, and the tool call they belong to. */
export class Joins {
  readonly #byId = new Map<string, EgressEvent[]>();

  add(event: EgressEvent): void {
    if (event.correlationId === null) return;
    const id = keyOf(event.system, event.correlationId);
    const records = this.#byId.get(id);
    if (records) {
      if (records.length < RECORDS) records.push(event);
      return;
    }
    this.#byId.set(id, [event]);
    if (this.#byId.size <= ATTEMPTS) return;
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest);
      break;
    }
  }

  /** The other records of the same attempt, in the order they came. */
  of(event: EgressEvent): readonly EgressEvent[] {
    if (event.correlationId === null) return [];
    return (this.#byId.get(keyOf(event.system, event.correlationId)) ?? []).filter(other => other !== event);
  }

  merge(newer: Joins): void {
    for (const records of newer.#byId.values()) for (const event of records) this.add(event);
  }
}

const keyOf = (system: string, id: string): string => `${system} ${id}`;
