import type { Verdict } from './event.ts';

/** Verdicts from the strictest to the most lenient. A tie goes to the first of them. */
const STRICTEST_FIRST: readonly Verdict[] = ['deny', 'would-deny', 'pending', 'error', 'allow'];

/** The verdict that was given most often. A tie goes to the stricter verdict. */
export const commonestVerdict = (counts: Readonly<Partial<Record<Verdict, number>>>): Verdict =>
  STRICTEST_FIRST.reduce<Verdict>(
    (best, verdict) => ((counts[verdict] ?? 0) > (counts[best] ?? 0) ? verdict : best),
    'deny',
  );
