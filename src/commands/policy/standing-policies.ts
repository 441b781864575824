import { readPolicy } from '../../policy-file/read.ts';
import type { Places, System } from '../../systems/system.ts';
import { judgedBy, policyTarget, type PolicyTarget } from './policy-target.ts';

/** A policy at a documented place of its product, which need not be running. */
export interface StandingPolicy {
  readonly system: string;
  readonly path: string;
}

/** The policies that stand at the documented places of these systems. */
export async function standingPolicies(
  systems: readonly System[],
  places: Places,
): Promise<readonly StandingPolicy[]> {
  const found = await Promise.all(
    systems.map(async ({ name, policies }) =>
      ((await policies?.(places)) ?? []).map(path => ({ system: name, path })),
    ),
  );
  return found.flat();
}

/** Which of them judges what was discovered: one, or none and why. */
export type StandingChoice =
  | { readonly type: 'target'; readonly target: PolicyTarget }
  | { readonly type: 'none'; readonly whyNone: string | null };

/**
 * The only one that names hosts and that may rule on all that was discovered. Files of one product that rule together are judged as one,
 * and none of them is edited: the operator has to say which.
 */
export async function chosenStanding(
  found: readonly StandingPolicy[],
  isEvidenceFor: (system: System) => boolean,
): Promise<StandingChoice> {
  const targets = await Promise.all(found.map(({ path, system }) => policyTarget(path, system)));
  const isNaming = await Promise.all(targets.map(namesHosts));
  const all = targets.filter((_, index) => isNaming[index] === true);
  const [first, ...others] = all.filter(({ system }) => isEvidenceFor(system));
  if (first === undefined)
    return {
      type: 'none',
      whyNone: all.length === 0 ? null : notOpen(all, 'None of them rules on all that was discovered.'),
    };
  if (others.length === 0) return { type: 'target', target: first };
  if (!first.together || others.some(({ system }) => system !== first.system))
    return { type: 'none', whyNone: notOpen([first, ...others], 'Several were discovered.') };
  return { type: 'target', target: { ...first, readOnly: TOGETHER } };
}

const TOGETHER =
  'one of several files that rule together, read-only: edits need one of them (start with --policy FILE)';

const notOpen = (targets: readonly PolicyTarget[], why: string): string =>
  `No policy file is open. ${why} Start with --policy FILE: ${targets
    .map(({ path, system }) => `${path} (${system.name})`)
    .join(', ')}`;

/** A file that does not parse counts as well: its problems are told. */
async function namesHosts(target: PolicyTarget): Promise<boolean> {
  const read = await readPolicy(target.path, judgedBy(target));
  return read.type === 'read' && (read.parsed.type === 'invalid' || read.parsed.policy.entries.length > 0);
}
