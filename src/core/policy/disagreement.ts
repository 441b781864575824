import type { Attempt, JudgeOptions, Policy, Ruling } from './dialect.ts';

/** The answer of one of a system's own matchers. */
export interface MatcherRuling {
  readonly matcher: string;
  readonly ruling: Ruling;
}

/** The answer of each of a system's matchers to an attempt, where they do not all give the same verdict; else empty. */
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
