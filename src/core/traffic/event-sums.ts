import type { EgressEvent } from '../event.ts';
import { EventSum, type CountedFields } from './event-sum.ts';

/** Sums of equal events, in the order of each sum's first event. A limit on names then keeps the same names as counting event by event. */
export class EventSums {
  readonly #measuresDurations: boolean;
  readonly #byKey = new Map<string, EventSum>();
  #all: EventSum[] = [];

  constructor(measuresDurations: boolean) {
    this.#measuresDurations = measuresDurations;
  }

  get size(): number {
    return this.#all.length;
  }

  #open(event: CountedFields): EventSum {
    const sum = new EventSum(event, this.#measuresDurations);
    this.#all.push(sum);
    return sum;
  }

  add(event: EgressEvent): void {
    const { at, bytes, durationMs, status } = event;
    const sum = this.#sumOf(event);
    sum.add(at ?? Number.NaN, bytes ?? Number.NaN, durationMs ?? Number.NaN, status ?? Number.NaN);
  }

  #sumOf({ system, kind, verdict, host, tool, agent, reason, interception, address }: EgressEvent): EventSum {
    const counted: CountedFields = {
      system,
      kind,
      verdict,
      host,
      tool,
      agent,
      reason,
      interception,
      address,
    };
    const key = JSON.stringify(Object.values(counted));
    let sum = this.#byKey.get(key);
    if (!sum) this.#byKey.set(key, (sum = this.#open(counted)));
    return sum;
  }

  /** Returns the sums so far and starts again with none. */
  take(): readonly EventSum[] {
    const sums = this.#all;
    this.#all = [];
    this.#byKey.clear();
    return sums;
  }
}
