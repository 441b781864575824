import { coverageOf, coverageWord } from '../../core/policy/coverage.ts';
import type { Attempt } from '../../core/policy/dialect.ts';
import { textTest, type FilterTerm } from '../../core/filter.ts';
import { draftRuling, judging } from '../state/drafted-policy.ts';
import type { State } from '../state/state.ts';

/** Whether a term refers to the policy or the draft, and not to facts of a record. */
export const asksPolicy = ({ key }: FilterTerm): boolean => key === 'ruled' || key === 'draft';

/** A test for `ruled:` and `draft:`. Without such a term everything passes. */
export function rulingTest(state: State): (attempt: Attempt) => boolean {
  const tests = state.filter.terms.filter(asksPolicy).map(term => {
    const test = term.key === 'draft' ? draftTest(term, state) : coverageTest(term, state);
    return term.isNegated ? (attempt: Attempt) => !test(attempt) : test;
  });
  return attempt => tests.every(test => test(attempt));
}

/**
 * Tests what decides an attempt: a kind (`ruled:default`), or an entry or rule as written (`ruled:.pypi.org`). Without a policy nothing
 * passes.
 */
function coverageTest({ value }: FilterTerm, state: State): (attempt: Attempt) => boolean {
  const matches = textTest(value, false);
  const policy = state.policy?.policy;
  return attempt => {
    if (!policy) return matches('nothing');
    const coverage = coverageOf(policy.judge(attempt, judging(state)), policy);
    return matches(coverage.type) || matches(coverageWord(coverage));
  };
}

const SHIFT_WORDS = { freed: 'allow', refused: 'deny', otherwise: 'otherwise' } as const;

/** Tests for `draft:changed`, `draft:allow` (newly allowed) and `draft:deny` (newly denied). */
function draftTest({ value }: FilterTerm, state: State): (attempt: Attempt) => boolean {
  const matches = textTest(value, false);
  return attempt => {
    const shift = draftRuling(state, attempt)?.shift ?? null;
    return shift === null ? matches('same') : matches('changed') || matches(SHIFT_WORDS[shift]);
  };
}
