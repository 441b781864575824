import { VERDICTS, type Decision, type EgressEvent, type Interception, type Verdict } from '../event.ts';
import type { SummedCounts } from './counts.ts';
import { StoredCounts } from './stored-counts.ts';
import { bucketOf, type DurationCounts } from './durations.ts';
import type { AlikeEvents } from './sums/event-sum.ts';
import { MINUTES_KEPT } from './time/minutes.ts';
import { MEASURE, REFERENCE, type RowStore } from './row-store.ts';

/** Every interception, at the index that a row stores; 0: unknown. */
const INTERCEPTIONS = [null, 'intercepted', 'passthrough', 'opaque', 'cleartext'] as const;

/** The counts of one host, tool or agent: exact totals, first and last decision, bytes, durations. The numbers are held in a RowStore. */
export class TrafficRow {
  readonly name: string;
  protected readonly store: RowStore;
  protected row: number;

  constructor(name: string, store: RowStore) {
    [this.name, this.store, this.row] = [name, store, store.take()];
  }

  get counts(): SummedCounts {
    return new StoredCounts(this.store, this.row);
  }

  /** Decisions of all verdicts, as `counts` has them, but without an object: lists ask it of every row. */
  get total(): number {
    const { measures } = this.store;
    let total = 0;
    for (let column = MEASURE.allow; column <= MEASURE.error; column += 1)
      total += measures.get(this.row, column);
    return total;
  }

  /** Decisions of one verdict. */
  given(verdict: Verdict): number {
    return this.store.measures.get(this.row, MEASURE[verdict]);
  }

  get bytes(): number {
    return this.store.measures.get(this.row, MEASURE.bytes);
  }

  /** Unix ms of the first and the last decision with a time. */
  get first(): number | null {
    return this.#measure(MEASURE.first);
  }

  get last(): number | null {
    return this.#measure(MEASURE.last);
  }

  /** Unix ms of the last denial; null without one. */
  get lastDenied(): number | null {
    return this.#measure(MEASURE.lastDenied);
  }

  /** HTTP status of the newest decision with a status. */
  get status(): number | null {
    return this.#measure(MEASURE.status);
  }

  #measure(column: number): number | null {
    const value = this.store.measures.get(this.row, column);
    return Number.isNaN(value) ? null : value;
  }

  get interception(): Interception | null {
    return INTERCEPTIONS[this.reference(REFERENCE.interception)] ?? null;
  }

  /** Null where no duration was measured. */
  get durations(): DurationCounts | null {
    const first = this.reference(REFERENCE.durations);
    return first === 0 ? null : this.store.histograms.of(first);
  }

  /** The same as `durations.quantile`, without allocating an object. */
  durationAt(share: number): number | null {
    return this.store.histograms.quantile(this.reference(REFERENCE.durations), share);
  }

  protected reference(column: number): number {
    return this.store.references.get(this.row, column);
  }

  decided(event: Decision): void {
    this.store.measures.add(this.row, MEASURE[event.verdict], 1);
    this.#intercepted(event.interception);
    this.#seen(event.at, event.at);
    if (event.verdict === 'deny') this.#newest(MEASURE.lastDenied, event.at);
    this.noted(event);
  }

  /** `decided` for many equal events. */
  decidedAll(sum: AlikeEvents, verdict: Verdict): void {
    this.store.measures.add(this.row, MEASURE[verdict], sum.count);
    if (this.interception === null || this.isNews(sum.last)) this.#intercepted(sum.event.interception);
    this.notedAll(sum);
    this.#seen(sum.first, sum.last);
    if (verdict === 'deny') this.#newest(MEASURE.lastDenied, sum.last);
  }

  /** Whether no event later than `last` is known. Sums may come in any order, but the status is that of the newest event. */
  protected isNews(last: number | null): boolean {
    return !(this.store.measures.get(this.row, MEASURE.last) > (last ?? Number.NEGATIVE_INFINITY));
  }

  #intercepted(interception: Interception | null): void {
    if (interception !== null)
      this.store.references.set(this.row, REFERENCE.interception, INTERCEPTIONS.indexOf(interception));
  }

  /** Adds the bytes, the duration and the status of an event, without counting it. */
  noted({ bytes, durationMs, status }: Pick<EgressEvent, 'bytes' | 'durationMs' | 'status'>): void {
    this.#moved(bytes ?? 0, status);
    if (durationMs === null) return;
    const { histograms, references } = this.store;
    const first = histograms.add(this.reference(REFERENCE.durations), bucketOf(durationMs), 1);
    references.set(this.row, REFERENCE.durations, first);
  }

  notedAll(sum: AlikeEvents): void {
    this.#moved(sum.bytes, this.status === null || this.isNews(sum.last) ? sum.status : null);
    this.#took(sum.durations);
  }

  #moved(bytes: number, status: number | null): void {
    this.store.measures.add(this.row, MEASURE.bytes, bytes);
    if (status !== null) this.store.measures.set(this.row, MEASURE.status, status);
  }

  #took(durations: DurationCounts | null): void {
    if (durations === null) return;
    const { histograms, references } = this.store;
    const first = histograms.merge(this.reference(REFERENCE.durations), durations);
    references.set(this.row, REFERENCE.durations, first);
  }

  #seen(first: number | null, last: number | null): void {
    const known = this.store.measures.get(this.row, MEASURE.first);
    if (first !== null && !(known <= first)) this.store.measures.set(this.row, MEASURE.first, first);
    this.#newest(MEASURE.last, last);
  }

  #newest(column: number, at: number | null): void {
    const known = this.store.measures.get(this.row, column);
    if (at !== null && !(known >= at)) this.store.measures.set(this.row, column, at);
  }

  /** Counts decisions in a minute. */
  timed(minute: number, count = 1): void {
    const block = this.store.minutes.add(this.reference(REFERENCE.minutes), minute, count);
    this.store.references.set(this.row, REFERENCE.minutes, block);
  }

  /** The number of decisions in a minute; 0 for minutes that are no longer kept. */
  decidedIn(minute: number): number {
    return this.store.minutes.in(this.reference(REFERENCE.minutes), minute);
  }

  #mergeMinutes(newer: TrafficRow): void {
    const newest = newer.store.minutes.newest(newer.reference(REFERENCE.minutes));
    for (let minute = newest - MINUTES_KEPT + 1; minute <= newest; minute += 1) {
      const count = newer.decidedIn(minute);
      if (count > 0) this.timed(minute, count);
    }
  }

  merge(newer: TrafficRow): void {
    for (const verdict of VERDICTS)
      this.store.measures.add(this.row, MEASURE[verdict], newer.counts[verdict]);
    this.#seen(newer.first, newer.last);
    this.#newest(MEASURE.lastDenied, newer.lastDenied);
    this.#moved(newer.bytes, newer.status);
    this.#intercepted(newer.interception);
    this.#took(newer.durations);
    this.#mergeMinutes(newer);
  }
}

/** The name for events without a host, tool or agent. */
export const MISSING = '-';
