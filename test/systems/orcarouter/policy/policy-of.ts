import type { Attempt, Policy, Ruling } from '../../../../src/core/policy/dialect.ts';
import { orcarouterDialect } from '../../../../src/systems/orcarouter/policy/dialect.ts';

/** The policy that a document says, whatever upstream would say to saving it. */
export function policyOf(document: unknown, name?: string): Policy {
  const dialect =
    name === undefined ? orcarouterDialect : (orcarouterDialect.part?.(name) ?? orcarouterDialect);
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const parsed = dialect.parse(text, 'policy.json');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(({ why }) => why).join('; '));
  return parsed.policy;
}

export const judged = (document: unknown, host: string | null, rest: Partial<Attempt> = {}): Ruling =>
  policyOf(document).judge({ host, address: null, ...rest });
