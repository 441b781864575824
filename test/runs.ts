/** Set by `npm run torture`: every property is tried as often as it may be. */
const isFull = process.env['EGRESSTOP_ALL_RUNS'] !== undefined;

/** Set by `.ci/run`: CI tries every property more often than an everyday run. */
const isCi = process.env['EGRESSTOP_CI_RUNS'] !== undefined;

/** The number of tries of an everyday run, of a run in full, and of CI, which tries as often as an everyday run where nothing is said. */
export const sized = (everyday: number, full: number, ci = everyday): number =>
  isFull ? full : isCi ? ci : everyday;

/** How often a property is tried: in CI a fifth of the full number, and at least a hundred times; every day a quarter to a half of that. */
export function runs(full: number): number {
  const ci = Math.max(100, Math.ceil(full / 5));
  return sized(Math.max(50, Math.ceil(ci / 4)), full, ci);
}
