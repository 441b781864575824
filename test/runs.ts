/** Set by `npm run torture`: every property is tried as often as it may be. */
const isFull = process.env['EGRESSTOP_ALL_RUNS'] !== undefined;

/** The number of tries of an everyday run, or of a run in full. */
export const sized = (everyday: number, full: number): number => (isFull ? full : everyday);

/** How often a property is tried: every day a fifth of the full number, and at least a hundred times. */
export const runs = (full: number): number => sized(Math.max(100, Math.ceil(full / 5)), full);
