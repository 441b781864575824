import { Durations } from '../durations.ts';
import type { EgressEvent } from '../../event.ts';

/** The fields by which an event is counted. */
export type CountedFields = Pick<
  EgressEvent,
  'system' | 'kind' | 'verdict' | 'host' | 'tool' | 'agent' | 'reason' | 'interception' | 'address'
>;

/** The sums of many rows of events. */
export interface SummedRows {
  /** Of each row its cells, in the order of SUM_CELL. */
  readonly cells: Float64Array<ArrayBuffer>;
  /** Of each row where its durations begin and, at the end, where all end; null where they are not measured. */
  readonly durationStarts: Uint32Array<ArrayBuffer> | null;
  /** Durations as pairs of a bucket and a count. */
  readonly durations: Uint32Array<ArrayBuffer>;
}

/** `first` and `last` are unix ms, infinite where no event has a time; `status` is NaN where none has one. */
export const SUM_CELL = { count: 0, first: 1, last: 2, bytes: 3, status: 4 } as const;
export const CELLS_A_ROW = Object.keys(SUM_CELL).length;

/** Events that are alike, and their sums, wherever they were added up. */
export type AlikeEvents = Pick<
  EventSum,
  'event' | 'count' | 'bytes' | 'durations' | 'first' | 'last' | 'status'
>;

/** Events that are alike in what they are counted by, and what they add up to. */
export class EventSum {
  readonly event: CountedFields;
  count = 0;
  bytes = 0;
  /** Null also where durations are not measured. */
  durations: Durations | null = null;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #status = Number.NaN;

  constructor(event: CountedFields) {
    this.event = event;
  }

  /** Adds a row. Rows may come in any order: the status is that of the row with the latest event. */
  addRow(rows: SummedRows, row: number): void {
    const { cells } = rows;
    const cell = row * CELLS_A_ROW;
    const last = cells[cell + SUM_CELL.last] as number;
    const status = cells[cell + SUM_CELL.status] as number;
    if (status >= 0 && !(this.#status >= 0 && this.#last > last)) this.#status = status;
    this.count += cells[cell + SUM_CELL.count] as number;
    this.#first = Math.min(this.#first, cells[cell + SUM_CELL.first] as number);
    this.#last = Math.max(this.#last, last);
    this.bytes += cells[cell + SUM_CELL.bytes] as number;
    if (rows.durationStarts) this.#addDurations(rows.durationStarts, rows.durations, row);
  }

  #addDurations(starts: Uint32Array, pairs: Uint32Array, row: number): void {
    const end = starts[row + 1] as number;
    for (let at = starts[row] as number; at < end; at += 1)
      (this.durations ??= new Durations()).addTo(pairs[2 * at] as number, pairs[2 * at + 1] as number);
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
