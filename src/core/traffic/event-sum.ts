import { Durations } from './durations.ts';
import type { EgressEvent } from '../event.ts';

/** What an event is counted by. */
export type CountedFields = Pick<
  EgressEvent,
  'system' | 'kind' | 'verdict' | 'host' | 'tool' | 'agent' | 'reason' | 'interception' | 'address'
>;

/** What many events add up to; `first` and `last` are unix ms, infinite where none has a time, `status` NaN where none has one. */
export interface EventTotals {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
  readonly status: number;
  readonly durations: Durations | null;
}

/** Events that are alike in all that they are counted by, and what they add up to. */
export class EventSum {
  readonly event: CountedFields;
  count = 0;
  bytes = 0;
  /** Null also where durations are not measured. */
  durations: Durations | null = null;
  readonly #measuresDurations: boolean;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #status = Number.NaN;

  constructor(event: CountedFields, measuresDurations: boolean) {
    this.event = event;
    this.#measuresDurations = measuresDurations;
  }

  /** Adds one event of which this is known: unix ms, and as `EgressEvent` says; NaN for what is not. */
  add(at: number, bytes: number, durationMs: number, status: number): void {
    this.count += 1;
    if (at < this.#first) this.#first = at;
    if (at > this.#last) this.#last = at;
    if (bytes > 0) this.bytes += bytes;
    if (status >= 0) this.#status = status;
    if (durationMs >= 0 && this.#measuresDurations) (this.durations ??= new Durations()).add(durationMs);
  }

  /** Adds many, which count as the newer ones. */
  addAll({ count, first, last, bytes, status, durations }: EventTotals): void {
    this.count += count;
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
    this.bytes += bytes;
    if (status >= 0) this.#status = status;
    if (durations) (this.durations ??= new Durations()).merge(durations);
  }

  /** All of it, as another sum takes it up. */
  get added(): EventTotals {
    const { count, bytes, durations } = this;
    return { count, first: this.#first, last: this.#last, bytes, status: this.#status, durations };
  }

  /** Unix ms of the earliest that has a time. */
  get first(): number | null {
    return Number.isFinite(this.#first) ? this.#first : null;
  }

  /** Unix ms of the latest that has a time. */
  get last(): number | null {
    return Number.isFinite(this.#last) ? this.#last : null;
  }

  /** HTTP status of the newest that has one. */
  get status(): number | null {
    return Number.isNaN(this.#status) ? null : this.#status;
  }
}
