import type { Judge, SimulationQuestion } from '../../core/what-if/simulation.ts';
import type { Dialect } from '../../core/policy/dialect.ts';
import { describeFault, isError, type Problem } from '../../core/problem.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { judgeOptions, knownOptions } from '../policy/judge-options.ts';
import { say } from '../output.ts';
import { policyTarget } from '../policy/policy-target.ts';
import type { SimulateOptions } from './options.ts';

/** The policy that a simulation rules by, and the one it is compared with. */
export interface SimulatedPolicies {
  readonly question: SimulationQuestion;
  /** What `policy check` would say of the policy. */
  readonly warnings: number;
}

/** Reads both; `unreadable` when one cannot be read or does not parse: that is told. */
export async function simulatedPolicies(
  file: string,
  options: SimulateOptions,
): Promise<SimulatedPolicies | 'unreadable'> {
  const loaded = await load(file, options, judgeOptions);
  // the policy to compare with may be of a system that has no such mode or matcher: it is then read by its own
  const other = options.compareTo === undefined ? null : await load(options.compareTo, options, knownOptions);
  if (loaded === 'unreadable' || other === 'unreadable') return 'unreadable';
  const { judge, dialect, warnings } = loaded;
  return {
    question: {
      ...judge,
      otherMatchers: dialect.matchers.filter(matcher => matcher !== judge.options.matcher),
      other: other && other.judge,
    },
    warnings,
  };
}

interface Loaded {
  readonly judge: Judge;
  readonly dialect: Dialect;
  readonly warnings: number;
}

async function load(
  file: string,
  options: SimulateOptions,
  judging: typeof judgeOptions,
): Promise<Loaded | 'unreadable'> {
  const { path, dialect } = await policyTarget(file, options.system);
  const judged = judging(options, dialect);
  const read = await readPolicy(path, dialect);
  if (read.type === 'failed') return unreadable([read.problem]);
  if (read.parsed.type === 'invalid') return unreadable(read.parsed.problems.filter(isError));
  const { policy, problems } = read.parsed;
  return { judge: { policy, options: judged }, dialect, warnings: problems.length };
}

function unreadable(problems: readonly Problem[]): 'unreadable' {
  for (const problem of problems) say(`error: failed to load policy: ${describeFault(problem)}`);
  return 'unreadable';
}
