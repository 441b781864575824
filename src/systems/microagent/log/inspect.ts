import type { Inspected } from '../../discovered.ts';
import type { Places } from '../../system.ts';
import { logsOf, stateDirOf, workspaceNames } from './state-dir.ts';
import {
  modeOf,
  readWorkspace,
  restartDifferences,
  type Workspace,
  type WorkspacePolicy,
} from './workspace.ts';

/** Inspects every workspace in the state directory: its state, the policy in force, and the changes at the next start. */
export async function inspect(places: Places): Promise<readonly Inspected[]> {
  const stateDir = stateDirOf(places);
  const names = await workspaceNames(stateDir);
  const workspaces = await Promise.all(names.map(name => readWorkspace(stateDir, name)));
  return workspaces.map(workspace => ({
    name: workspace.name,
    sources: logsOf(stateDir, workspace.name),
    summary: summaryOf(workspace),
    differences: restartDifferences(workspace),
    remedy: `halt ${workspace.name} and start it again`,
    policyPath: null,
    revision: null,
    mode: modeOf(workspace.inForce ?? workspace.next),
    next: workspace.next,
  }));
}

function summaryOf({ state, since, isMediatorLive, inForce, next }: Workspace): string {
  const lifecycle = `${state ?? 'no state recorded'}${since === null ? '' : ` since ${since}`}`;
  if (isMediatorLive && inForce) return `${lifecycle}; in force: ${describe(inForce)}`;
  if (isMediatorLive === false && inForce)
    return `${lifecycle}; no mediator is seen to hold its lock; the last one had: ${describe(inForce)}`;
  if (inForce) return `${lifecycle}; started with: ${describe(inForce)}`;
  return `${lifecycle}; ${next ? `next start: ${describe(next)}` : 'no policy recorded'}`;
}

/** The summary of a policy. It says that the allow list of a broad mode does not confine. */
function describe({ mode, locked, allow, passthrough }: WorkspacePolicy): string {
  const confines = locked || mode === 'strict';
  const words = [
    mode ?? 'mode unknown',
    ...(mode === 'off'
      ? ['nothing is mediated']
      : [confines ? 'locked' : 'broad: public hosts are reachable unlisted']),
  ];
  return `${words.join(', ')}, ${allow.length} allow, ${passthrough.length} passthrough`;
}
