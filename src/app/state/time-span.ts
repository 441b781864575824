const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a stretch the chart shows, from the shortest on; null is all that is charted. */
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

/** The zooms until the operator chooses one: a log as young as this would be drawn in a corner of the usual one. */
export const AT_FIRST = { young: 2, usual: 3, youngMs: 15 * MINUTE } as const;

/** Which time the chart shows. */
export interface TimeSpan {
  /** The index in ZOOMS; null until the operator chooses. */
  readonly zoom: number | null;
  /** Unix ms of its right edge; null while it follows the newest decisions. */
  readonly until: number | null;
}

/** The chart before anything was chosen. */
export const FOLLOWING: TimeSpan = { zoom: null, until: null };

/** A window of time: the screen shows what was decided in it, and nothing else. */
export interface ShownWindow {
  /** Unix ms: from then on, and before `until`; null: what comes is counted on. */
  readonly from: number;
  readonly until: number | null;
  /** The share (0–1) of the logs that was read for it; null once all was. */
  readonly progress: number | null;
  /** Sources that could not be read again, or not to where they had been read: their decisions are missing. */
  readonly lacking: readonly string[];
}

/** Whether a time lies in the window; nothing lies in no window. */
export const isWithin = (window: ShownWindow | null, at: number | null): boolean =>
  window !== null && at !== null && at >= window.from && (window.until === null || at < window.until);
