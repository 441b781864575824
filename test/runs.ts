import fc from 'fast-check';

/** Set by `npm run torture`: every property is tried as often as it may be. */
const isFull = process.env['EGRESSTOP_ALL_RUNS'] !== undefined;

/** Set by `.ci/run`: CI tries every property more often than an everyday run. */
const isCi = process.env['EGRESSTOP_CI_RUNS'] !== undefined;

/** Set by `npm run test:fast`: every property is tried less often than in an everyday run. */
const isFast = process.env['EGRESSTOP_FAST_RUNS'] !== undefined;

/** The tries of a property that says no number: as many as fast-check's own default. */
const UNSAID = 100;

/** A fast run's share of the tries of an everyday run, at least ten. */
const fast = (everyday: number): number => Math.min(everyday, Math.max(10, Math.ceil(everyday / 5)));

/** Sets the tries of the properties that say no number. The fast tests load this module before each file. */
fc.configureGlobal({ numRuns: isFast ? fast(UNSAID) : UNSAID });

/** The number of tries of an everyday run, of a run in full, and of CI, which tries as often as an everyday run where nothing is said. */
export function sized(everyday: number, full: number, ci = everyday): number {
  if (isFull) return full;
  if (isCi) return ci;
  return isFast ? fast(everyday) : everyday;
}

/** How often a property is tried: in CI a fifth of the full number, and at least a hundred times; every day a quarter to a half of that. */
export function runs(full: number): number {
  const ci = Math.max(100, Math.ceil(full / 5));
  return sized(Math.max(50, Math.ceil(ci / 4)), full, ci);
}

/** How often a cheap property is tried: in full in CI as well, and every day a tenth of that, at least fifty times. */
export const often = (full: number): number => sized(Math.max(50, Math.ceil(full / 10)), full, full);
