import type { Attempt, JudgeOptions, Policy, Ruling } from './dialect.ts';

/** The ruling of one of a system's matchers. */
export interface MatcherRuling {
  readonly matcher: string;
  readonly ruling: Ruling;
}

/** The rulings of all matchers on an attempt if their verdicts differ; else empty. */
export function disagreement(
  policy: Policy,
  attempt: Attempt,
  { matchers, options = {} }: { readonly matchers: readonly string[]; readonly options?: JudgeOptions },
): readonly MatcherRuling[] {
  const rulings = matchers.map(matcher => ({
    matcher,
    ruling: policy.judge(attempt, { ...options, matcher }),
  }));
  return new Set(rulings.map(({ ruling }) => ruling.verdict)).size > 1 ? rulings : [];
}
