import { withArticle } from '../../core/text/article.ts';
import { Failure, failureOf, misuse } from '../../core/failure.ts';
import type { EntryEdit } from '../../core/policy/dialect.ts';
import { listPolicy } from '../../core/policy/list-policy.ts';
import { isError, type Problem } from '../../core/problem.ts';
import { suggest, SUGGEST_DEFAULTS } from '../../core/suggest/suggest.ts';
import { editOf } from '../../core/suggest/suggestion.ts';
import { finished } from '../../core/work.ts';
import { readTraffic } from '../../reading/read-traffic.ts';
import { parseSource } from '../../sources/named/expand.ts';
import { domainNames } from '../../systems/policy-text/domain-names.ts';
import { note, noteProblem, Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { shownDiff } from './edit.ts';
import { newPolicySystem } from './new-policy-system.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { adviceOn, policyTarget, refusal, type PolicyTarget } from './policy-target.ts';

export interface InitOptions {
  readonly system?: string;
  readonly template?: 'empty' | 'ssrf' | 'seen';
  /** The sources for the template `seen`. */
  readonly against?: readonly string[];
  readonly stateDir?: string;
  readonly dryRun?: true;
}

/** Creates a policy file in its system's form, and prints the diff. An existing file is never changed. */
export async function initPolicy(file: string, options: InitOptions): Promise<number> {
  const { against = [], dryRun } = options;
  const template = options.template ?? (against.length > 0 ? 'seen' : 'empty');
  if ((template === 'seen') !== against.length > 0)
    throw misuse('--template seen and --against SOURCE go together', 'give both, or neither');
  const specs = await Promise.all(against.map(parseSource));
  const target = await policyTarget(file, options.system ?? (await newPolicySystem(file, specs)));
  const start = startOf(target, template);
  if (start === null)
    throw misuse(`${target.system.name} has no template ${template} for such a file: ${file}`);
  const policyFile = openPolicyFile(target, Date.now, start);
  const standing = await policyFile.planCreation([]);
  if (standing.type === 'unchanged') throw new Failure(`${file}: ${standing.why}; nothing was written`);
  if (standing.type === 'failed') throw failureOf(standing.problem, 'unreadable-policy');
  const edit = template === 'seen' ? await seen(target, against, options) : [];
  const result = await (dryRun ? policyFile.planCreation(edit) : policyFile.create(edit));
  switch (result.type) {
    case 'planned':
    case 'written':
      await new Output().text(shownDiff(result.diff));
      note(
        result.type === 'planned'
          ? `this would make ${file}, ${withArticle(target.system.name)} policy`
          : `made ${file}, ${withArticle(target.system.name)} policy; ${adviceOn(target, result.after)}`,
      );
      return 0;
    case 'refused':
      throw refusal(result.why, result.problems);
    case 'failed':
      throw failureOf(result.problem, 'unreadable-policy');
    case 'unchanged':
      throw new Failure(`${file}: ${result.why}; nothing was written`);
    case 'conflict':
      throw new Failure(`${file} keeps changing; nothing was written`);
  }
}

function startOf({ dialect, path }: PolicyTarget, template: 'empty' | 'ssrf' | 'seen'): string | null {
  const start = dialect.template?.(template, path) ?? null;
  return start === null && template === 'seen' ? (dialect.template?.('empty', path) ?? null) : start;
}

/** The entries that `policy suggest` ticks by default for the traffic of the sources. If a source cannot be read, nothing is written. */
async function seen(
  { dialect }: PolicyTarget,
  against: readonly string[],
  { stateDir }: InitOptions,
): Promise<EntryEdit> {
  const reading = {
    places: placesOf(stateDir),
    tell: (problem: Problem) => void (isError(problem) || noteProblem(problem)), // the first error ends it
    closed: new Output().signal,
  };
  const { traffic, failures } = await readTraffic(against, {}, reading);
  const unread = failures.find(isError);
  if (unread) throw failureOf(unread, 'unreadable-source');
  const found = finished(
    suggest(traffic, {
      ...SUGGEST_DEFAULTS,
      policy: listPolicy([]), // a policy that denies every host, so that all traffic is listed even for systems that allow by default
      dialect,
      judging: { mode: 'strict' },
      names: domainNames,
    }),
  );
  for (const { host, why } of found.leftOut) note(`left out: ${host}: ${why}`);
  const chosen = found.list.filter(({ isChosen }) => isChosen);
  const open = found.list.length - chosen.length;
  if (open > 0) note(`${open} more could be meant: egresstop policy suggest shows them`);
  return editOf(chosen);
}
