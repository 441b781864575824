import { readPolicy } from '../../policy-file/read.ts';
import type { Places, System } from '../../systems/system.ts';
import { judgedBy, policyTarget, type PolicyTarget } from './policy-target.ts';

/** A policy at a documented path of its product, which need not be running. */
export interface StandingPolicy {
  readonly system: string;
  readonly path: string;
}

/** Finds the policies at the documented paths of these systems. */
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

/** The policy for the discovered logs: one, or none with the reason. */
export type StandingChoice =
  | { readonly type: 'target'; readonly target: PolicyTarget }
  | { readonly type: 'none'; readonly whyNone: string | null };

/**
 * Chooses the only policy that names hosts and may apply to all discovered logs. Several files of one product are judged together, and none
 * of them is edited: the operator has to choose one.
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
      whyNone:
        all.length === 0 ? null : notOpen(all, 'None of them applies to everything that was discovered.'),
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

/** Whether a policy names hosts. An invalid file counts too, so that its problems are shown. */
async function namesHosts(target: PolicyTarget): Promise<boolean> {
  const read = await readPolicy(target.path, judgedBy(target));
  return read.type === 'read' && (read.parsed.type === 'invalid' || read.parsed.policy.entries.length > 0);
}
