import { existsSync } from 'node:fs';
import type { ParsedPolicy, Policy } from '../../core/policy/dialect.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { failureOf } from '../../core/failure.ts';
import { judgedBy, refusal, type PolicyTarget } from './policy-target.ts';

/** A valid policy file. */
export interface ValidPolicy {
  readonly policy: Policy;
  readonly text: string;
}

/** Reads a policy. Throws a Failure if it is unreadable or invalid; `outcome` says what was not done. */
export async function validPolicy(target: PolicyTarget, outcome: string): Promise<ValidPolicy> {
  const read = await readPolicy(target.path, judgedBy(target));
  if (read.type === 'failed') throw failureOf(read.problem, 'unreadable-policy');
  return parsed(read, outcome);
}

/** The same. A missing file gives the empty policy that it would begin with. */
export async function validOrNewPolicy(target: PolicyTarget, outcome: string): Promise<ValidPolicy> {
  const { path, dialect } = target;
  const start = existsSync(path) ? null : (dialect.template?.('empty', path) ?? null);
  if (start === null) return validPolicy(target, outcome);
  return parsed({ text: start, parsed: judgedBy(target).parse(start, path) }, outcome);
}

function parsed(
  read: { readonly text: string; readonly parsed: ParsedPolicy },
  outcome: string,
): ValidPolicy {
  if (read.parsed.type === 'invalid')
    throw refusal(`the file does not parse; ${outcome}`, read.parsed.problems, 'invalid-policy');
  return { policy: read.parsed.policy, text: read.text };
}
