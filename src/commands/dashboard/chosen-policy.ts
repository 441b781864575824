import type { MediationMode } from '../../core/policy/dialect.ts';
import { NO_FLAGS, withFlags } from '../../core/policy/flag-entries.ts';
import { isSameFile } from '../../reading/is-read.ts';
import { SYSTEMS } from '../../systems/index.ts';
import type { Places } from '../../systems/system.ts';
import { newPolicySystem } from '../policy/new-policy-system.ts';
import { policyTarget, type PolicyTarget } from '../policy/policy-target.ts';
import { withReload } from '../policy/reload-command.ts';
import {
  commonMode,
  isNamedSocket,
  type WatchedMediator,
  type WatchedSources,
} from '../../reading/mediators.ts';
import type { WatchOptions } from './watch-options.ts';

/** The policy that the dashboard judges by, and the mode of the mediator that rules by it; null where none says. */
interface ChosenPolicy {
  readonly target: PolicyTarget | null;
  /** Why there is none, where that is not for want of one. */
  readonly whyNone?: string;
  readonly mode: MediationMode | null;
}

/**
 * The policy named; else that of the only mediator which was discovered or whose socket was named. Without one, the own lists of the only
 * workspace that is read. A policy that no mediator rereads is judged in the mode of the workspaces that are read.
 */
export async function chosenPolicy(
  mediators: readonly WatchedMediator[],
  { specs, wasDiscovered }: WatchedSources,
  {
    options: { policy, system, mode, reloadCommand },
    places,
  }: { readonly options: WatchOptions; readonly places: Places },
): Promise<ChosenPolicy> {
  if (mode === 'off')
    return {
      target: null,
      mode: null,
      whyNone: 'Mediation is off: no policy is read, and nothing is ruled on.',
    };
  const readers = mediators.filter(
    ({ policyPath, sources }) =>
      policyPath !== null && (wasDiscovered || sources.some(source => isNamedSocket(source, specs))),
  );
  const [only] = readers.length === 1 ? readers : [];
  const file = policy ?? only?.policyPath ?? null;
  if (file === null) return ownLists(mediators, places);
  const named = await policyTarget(file, system ?? (await newPolicySystem(file, specs)));
  const target = withReload(named, reloadCommand === undefined ? {} : { reloadCommand });
  if (!only?.policyPath || !isSameFile(only.policyPath, target.path))
    return { target, mode: commonMode(mediators) };
  const own = await policyTarget(file, system ?? only.system);
  return { target: { ...own, dialect: withFlags(own.dialect, only.flags ?? NO_FLAGS) }, mode: only.mode };
}

const ofSeveral = (workspaces: readonly WatchedMediator[]): string =>
  `${workspaces.length} workspaces are read, each with lists of its own: none of these lists is used. Name one workspace, or start with --policy FILE.`;

/** The lists of the only workspace, which are judged by and not edited. */
async function ownLists(mediators: readonly WatchedMediator[], places: Places): Promise<ChosenPolicy> {
  const workspaces = mediators.filter(({ next }) => next !== null);
  if (workspaces.length > 1) return { target: null, mode: null, whyNone: ofSeveral(workspaces) };
  const [workspace] = workspaces;
  const system = SYSTEMS.find(({ name }) => name === workspace?.system);
  if (!workspace || !system?.workspaces) return { target: null, mode: null };
  const { path, dialect } = await system.workspaces.lists(workspace.name, places);
  const readOnly = `own lists of workspace ${workspace.name}, read-only: edits need a policy file (start with --policy FILE)`;
  return { target: { path, shownPath: path, system, dialect, readOnly }, mode: workspace.mode };
}
