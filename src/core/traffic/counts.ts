import { VERDICTS, type Verdict } from '../event.ts';

/** How many decisions of each verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** Decisions by verdict, with their sum, to be read. */
export interface SummedCounts extends VerdictCounts {
  readonly total: number;
  /** The counts alone, in the order of reports. */
  readonly verdicts: () => VerdictCounts;
}

/** Decisions by verdict, with their sum. Mutable: the state of whatever is being counted. */
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

/** The verdicts that were given at least once, with how often, in the order of reports. */
export function givenVerdicts(counts: VerdictCounts): Readonly<Partial<VerdictCounts>> {
  const given: Partial<Record<Verdict, number>> = {};
  for (const verdict of VERDICTS) if (counts[verdict] > 0) given[verdict] = counts[verdict];
  return given;
}
