import { Durations } from '../durations.ts';
import type { EgressEvent } from '../../event.ts';

/** The fields by which events are counted. */
export type CountedFields = Pick<
  EgressEvent,
  'system' | 'kind' | 'verdict' | 'host' | 'tool' | 'agent' | 'reason' | 'interception' | 'address'
>;

/** The sums of many rows. */
export interface SummedRows {
  /** The cells of each row, in the order of SUM_CELL. */
  readonly cells: Float64Array<ArrayBuffer>;
  /**
   * The index in `durations` where each row begins, with the end of the last row as a further item. Null where durations are not measured.
   */
  readonly durationStarts: Uint32Array<ArrayBuffer> | null;
  /** Durations as pairs of a bucket and a count. */
  readonly durations: Uint32Array<ArrayBuffer>;
}

/** The cells of a row. `first` and `last` are unix ms, infinite without a time; `status` is NaN without a status. */
export const SUM_CELL = { count: 0, first: 1, last: 2, bytes: 3, status: 4 } as const;
export const CELLS_A_ROW = Object.keys(SUM_CELL).length;

/** Equal events with their sums. */
export type AlikeEvents = Pick<
  EventSum,
  'event' | 'count' | 'bytes' | 'durations' | 'first' | 'last' | 'status'
>;

/** Events with equal counted fields, and their sums. */
export class EventSum {
  readonly event: CountedFields;
  count = 0;
  bytes = 0;
  /** Null without durations, and where they are not measured. */
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

  /** Unix ms of the earliest event with a time; null without one. */
  get first(): number | null {
    return Number.isFinite(this.#first) ? this.#first : null;
  }

  /** Unix ms of the latest event with a time; null without one. */
  get last(): number | null {
    return Number.isFinite(this.#last) ? this.#last : null;
  }

  /** HTTP status of the latest row with a status; null without one. */
  get status(): number | null {
    return Number.isNaN(this.#status) ? null : this.#status;
  }
}
