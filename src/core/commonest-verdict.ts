import type { Verdict } from './event.ts';

/** From the strictest on, so that the stricter one wins where two are equal. */
const STRICTEST_FIRST: readonly Verdict[] = ['deny', 'would-deny', 'pending', 'error', 'allow'];

/** The verdict that was given most often; of equal ones the one that lets least through. */
export const commonestVerdict = (counts: Readonly<Partial<Record<Verdict, number>>>): Verdict =>
  STRICTEST_FIRST.reduce<Verdict>(
    (best, verdict) => ((counts[verdict] ?? 0) > (counts[best] ?? 0) ? verdict : best),
    'deny',
  );
