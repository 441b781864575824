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
