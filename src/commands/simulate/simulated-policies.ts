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

/** The policy that a simulation rules by, and the one it is compared with. */
export interface SimulatedPolicies {
  readonly question: SimulationQuestion;
  /** The number of warnings that `policy check` gives. */
  readonly warnings: number;
  /** The mode that it is judged in because the workspace runs in it; null where a flag or the policy alone decides. */
  readonly workspaceMode: MediationMode | null;
}

/**
 * Reads both, to be judged in this mode where no flag names one. Null where none is named, `unreadable` when one cannot be read or does not
 * parse: that is told.
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
  // the policy to compare with may be of a system that has no such mode or matcher: it is then read by its own
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

/** The policy of the command line: a file, entries, or both; null where there is neither. */
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
