import type { Policy } from '../../src/core/policy/dialect.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';

/** A policy from YAML, as the mediator gets it. */
export function policyOf(text: string): Policy {
  const parsed = microagentDialect.parse(text, 'policy.yaml');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(({ why }) => why).join('; '));
  return parsed.policy;
}
