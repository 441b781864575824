import type { Entry, Policy } from '../../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../../src/core/problem.ts';
import { aasmDialect } from '../../../../src/systems/aasm/policy/dialect.ts';

/** The policy of a text that must be valid. */
export function policyOf(text: string, path = 'policy.yaml'): Policy {
  const parsed = aasmDialect.parse(text, path);
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy;
}

/** A policy of these entries, each in quotes. */
export const listing = (...entries: readonly string[]): Policy =>
  policyOf(`network:\n  allowlist: ${JSON.stringify(entries)}\n`);

export const entriesOf = (text: string): readonly Entry[] => policyOf(text).entries;

/** The problems of a text, each on one line. */
export const problemsOf = (text: string, path = 'policy.yaml'): readonly string[] =>
  aasmDialect.parse(text, path).problems.map(describeProblem);
