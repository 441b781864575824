import { VERDICTS, type Verdict } from '../event.ts';

/** The number of decisions of each verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** Decisions by verdict and their sum, read-only. */
export interface SummedCounts extends VerdictCounts {
  readonly total: number;
  /** The counts without their sum, in the order of reports. */
  readonly verdicts: () => VerdictCounts;
}

/** Decisions by verdict and their sum. Mutable. */
export class Counts implements SummedCounts {
  total = 0;
  allow = 0;
  deny = 0;
  'would-deny' = 0;
  pending = 0;
  error = 0;

  add(verdict: Verdict, count = 1): void {
    this[verdict] += count;
    this.total += count;
  }

  merge(other: VerdictCounts): void {
    for (const verdict of VERDICTS) this.add(verdict, other[verdict]);
  }

  verdicts(): VerdictCounts {
    return {
      allow: this.allow,
      deny: this.deny,
      'would-deny': this['would-deny'],
      pending: this.pending,
      error: this.error,
    };
  }
}

/** The verdicts with at least one decision, with their counts, in the order of reports. */
export function givenVerdicts(counts: VerdictCounts): Readonly<Partial<VerdictCounts>> {
  const given: Partial<Record<Verdict, number>> = {};
  for (const verdict of VERDICTS) if (counts[verdict] > 0) given[verdict] = counts[verdict];
  return given;
}
