const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The stretches of the chart, shortest first; null: all that is charted. */
export const ZOOMS = [
  { name: '1 min', spanMs: MINUTE },
  { name: '5 min', spanMs: 5 * MINUTE },
  { name: '15 min', spanMs: 15 * MINUTE },
  { name: '1 h', spanMs: HOUR },
  { name: '6 h', spanMs: 6 * HOUR },
  { name: '24 h', spanMs: DAY },
  { name: '7 days', spanMs: 7 * DAY },
  { name: '30 days', spanMs: 30 * DAY },
  { name: 'all', spanMs: null },
] as const;

/** The initial stretch, as an index in ZOOMS. A log younger than `youngMs` gets the shorter one, to fill the chart. */
export const AT_FIRST = { young: 2, usual: 3, youngMs: 15 * MINUTE } as const;

/** The stretch of time in the chart. */
export interface TimeSpan {
  /** The index in ZOOMS; null until the operator chooses. */
  readonly zoom: number | null;
  /** Unix ms of its right edge; null while it follows the newest decisions. */
  readonly until: number | null;
}

/** The initial stretch. */
export const FOLLOWING: TimeSpan = { zoom: null, until: null };

/** A time window. The screen shows only decisions within it. */
export interface ShownWindow {
  /** Unix ms, including `from`, without `until`. A null `until` means that new records are included. */
  readonly from: number;
  readonly until: number | null;
  /** The progress (0–1) of reading the logs for the window; null when done. */
  readonly progress: number | null;
  /** Sources that could not be read again completely. Their decisions are missing. */
  readonly lacking: readonly string[];
}

/** Whether a time lies in the window; false without a window or a time. */
export const isWithin = (window: ShownWindow | null, at: number | null): boolean =>
  window !== null && at !== null && at >= window.from && (window.until === null || at < window.until);
