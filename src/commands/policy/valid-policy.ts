import type { Policy } from '../../core/policy/dialect.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { failureOf } from '../../core/failure.ts';
import { judgedBy, refusal, type PolicyTarget } from './policy-target.ts';

/** A policy file that parses. */
export interface ValidPolicy {
  readonly policy: Policy;
  readonly text: string;
}

/** Reads the file. One that cannot be read, or does not parse, ends the command; `outcome` says what was not done then. */
export async function validPolicy(target: PolicyTarget, outcome: string): Promise<ValidPolicy> {
  const read = await readPolicy(target.path, judgedBy(target));
  if (read.type === 'failed') throw failureOf(read.problem, 'unreadable-policy');
  if (read.parsed.type === 'invalid')
    throw refusal(`the file does not parse; ${outcome}`, read.parsed.problems, 'invalid-policy');
  return { policy: read.parsed.policy, text: read.text };
}
