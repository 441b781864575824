import { describeProblem, isError, type Problem } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { toJson } from '../../report/inert-json.ts';
import { Output } from '../output.ts';
import { namedOrDiscovered } from './discovered-policy.ts';
import { judgedBy, type PolicyTarget } from './policy-target.ts';

/** Prints the problems of a policy, each with its place and remedy. Exit 1 if there is an error; warnings alone give 0. */
export async function checkPolicy(
  file: string | undefined,
  options: { readonly system?: string; readonly json?: true },
): Promise<number> {
  const target = await checkedPolicy(file, options.system);
  const { path, shownPath, together } = target;
  const read = await readPolicy(path, judgedBy(target));
  const found = read.type === 'failed' ? [read.problem] : read.parsed.problems;
  const problems = found.map(problem =>
    problem.source === path ? { ...problem, source: shownPath } : problem,
  );
  const isValid = !problems.some(isError);
  const output = new Output();
  if (options.json)
    await output.text(
      `${toJson({ file: shownPath, valid: isValid, problems: problems.map(asJson), ...(together ? { together: together.files } : {}) }, 2)}\n`,
    );
  else
    await output.text(
      `${[...problems.map(problem => visible(describeProblem(problem))), ...filesTold(together), ...(isValid ? [`Policy is valid: ${visible(shownPath)}`] : [])].join('\n')}\n`,
    );
  return isValid ? 0 : 1;
}

/** The files that make up the policy, if there are several. */
const filesTold = (together: PolicyTarget['together']): readonly string[] =>
  together && together.files.length > 1 ? together.files.map(visible) : [];

const asJson = ({ line, column, severity, why, remedy }: Problem): object => ({
  line,
  column,
  severity,
  why,
  remedy,
});

async function checkedPolicy(file: string | undefined, system: string | undefined): Promise<PolicyTarget> {
  const { target } = await namedOrDiscovered({
    ...(file === undefined ? {} : { policy: file }),
    ...(system === undefined ? {} : { system }),
  });
  return target;
}
