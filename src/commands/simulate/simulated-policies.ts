import type { Judge, SimulationQuestion } from '../../core/what-if/simulation.ts';
import type { Dialect, MediationMode } from '../../core/policy/dialect.ts';
import { isWithoutFlags, withFlags } from '../../core/policy/flag-entries.ts';
import { describeFault, isError, type Problem } from '../../core/problem.ts';
import type { FailureCode } from '../../core/failure.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { flagLists, type EntryFlags } from '../policy/flag-lists.ts';
import { inModeOf, judgeOptions, knownOptions } from '../policy/judge-options.ts';
import { say } from '../output.ts';
import { egresstop } from '../../systems/egresstop/index.ts';
import { judgedBy, policyTarget } from '../policy/policy-target.ts';
import type { SimulateOptions } from './options.ts';

/** The policy of a simulation, and the one to compare with. */
export interface SimulatedPolicies {
  readonly question: SimulationQuestion;
  /** The number of warnings of `policy check`. */
  readonly warnings: number;
  /** The workspace's mode, if it is used for judging; null if a flag or the policy decides. */
  readonly workspaceMode: MediationMode | null;
}

/**
 * Reads both policies. `mode` is used if no flag names one. Null if no policy is named; `unreadable` if one is unreadable or invalid, which
 * is reported.
 */
export async function simulatedPolicies(
  options: SimulateOptions,
  mode: MediationMode | null,
): Promise<SimulatedPolicies | 'unreadable' | null> {
  const inMode =
    (judging: typeof judgeOptions): typeof judgeOptions =>
    (flags, dialect) =>
      judging(inModeOf(mode, flags, dialect), dialect);
  const loaded = await loadNamed(options, inMode(judgeOptions));
  if (loaded === null) return null;
  // the other policy may be of another system, so unknown modes and matchers are ignored
  const other =
    options.compareTo === undefined
      ? null
      : await load(options.compareTo, { options, judging: inMode(knownOptions), entries: {} });
  if (loaded === 'unreadable' || other === 'unreadable') return 'unreadable';
  const { judge, dialect, warnings } = loaded;
  return {
    question: {
      ...judge,
      otherMatchers: dialect.matchers.filter(matcher => matcher !== judge.options.matcher),
      other: other && other.judge,
    },
    warnings,
    workspaceMode: mode !== null && judge.options.mode === mode ? mode : null,
  };
}

interface Loaded {
  readonly judge: Judge;
  readonly dialect: Dialect;
  readonly warnings: number;
}

/** The policy of the command line: a file, entries, or both; null without either. */
async function loadNamed(
  options: SimulateOptions,
  judging: typeof judgeOptions,
): Promise<Loaded | 'unreadable' | null> {
  if (options.policy !== undefined) return load(options.policy, { options, judging, entries: options });
  const dialect = await egresstop.dialect();
  const flags = flagLists(options, dialect);
  const parsed = withFlags(dialect, flags).parse('allow: []\n', 'flags.yaml');
  if (isWithoutFlags(flags) || parsed.type === 'invalid') return null;
  const { policy } = parsed;
  return { judge: { policy, options: judging(options, dialect) }, dialect, warnings: 0 };
}

interface Loading {
  readonly options: SimulateOptions;
  readonly judging: typeof judgeOptions;
  readonly entries: EntryFlags;
}

async function load(file: string, { options, judging, entries }: Loading): Promise<Loaded | 'unreadable'> {
  const target = await policyTarget(file, options.system);
  const [path, dialect] = [target.path, judgedBy(target)];
  const judged = judging(options, dialect);
  const read = await readPolicy(path, withFlags(dialect, flagLists(entries, dialect)));
  if (read.type === 'failed') return unreadable([read.problem], 'unreadable-policy');
  if (read.parsed.type === 'invalid')
    return unreadable(read.parsed.problems.filter(isError), 'invalid-policy');
  const { policy, problems } = read.parsed;
  return { judge: { policy, options: judged }, dialect, warnings: problems.length };
}

function unreadable(problems: readonly Problem[], code: FailureCode): 'unreadable' {
  for (const problem of problems) say(`error: failed to load policy: ${describeFault(problem)}`, code);
  return 'unreadable';
}
