import { isError } from '../../core/problem.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { inertJson } from '../../report/inert-json.ts';
import { Failure, failureOf, misuse } from '../../core/failure.ts';
import { Output } from '../output.ts';
import { policyTarget, refusal, type PolicyOptions } from './policy-target.ts';

/** Prints a policy in the form that its system's API takes. A policy that the system would refuse is not printed: exit 1. */
export async function exportPolicy(options: PolicyOptions): Promise<number> {
  const { path, dialect, system } = await policyTarget(options.policy, options.system);
  if (!dialect.body)
    throw misuse(`${system.name} reads its policy from the file itself: there is nothing to export`);
  const read = await readPolicy(path, dialect);
  if (read.type === 'failed') throw failureOf(read.problem, 'unreadable-policy');
  const errors = read.parsed.problems.filter(isError);
  if (errors.length > 0) throw refusal('nothing was printed: mend the file first', errors);
  const body = dialect.body(read.text, path);
  if (body === null)
    throw new Failure(
      'several policies stand in this file and none is the enabled default: name one as FILE#NAME',
    );
  await new Output().text(inertJson(body));
  return 0;
}
