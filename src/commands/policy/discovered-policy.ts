import type { MediationMode } from '../../core/policy/dialect.ts';
import { misuse } from '../../core/failure.ts';
import { mediatorsOf, type WatchedMediator } from '../../reading/mediators.ts';
import { systemsFor } from '../../reading/selection.ts';
import type { Places, System } from '../../systems/system.ts';
import { chosenPolicy } from '../dashboard/chosen-policy.ts';
import { note } from '../output.ts';
import { placesOf } from '../places.ts';
import { policyTarget, type PolicyTarget } from './policy-target.ts';
import { standingPolicies } from './standing-policies.ts';

/** The flags that choose a policy. */
export interface PolicyChoice {
  readonly policy?: string;
  readonly system?: string;
  readonly stateDir?: string;
}

/** A policy, and the mode of the mediator that uses it; null if unknown. */
export interface FoundPolicy {
  readonly target: PolicyTarget;
  readonly mode: MediationMode | null;
}

/**
 * The named policy, else the only one that discovery finds, as in the dashboard. Else the only one at a documented path, which is named on
 * stderr. With none or several it is wrong usage.
 */
export async function namedOrDiscovered(choice: PolicyChoice): Promise<FoundPolicy> {
  const found = await perhapsDiscovered(choice);
  if (found === null) throw misuse('no policy was discovered', 'name one with --policy FILE');
  return found;
}

/** The same, but null if no policy is named and none is found. */
export async function perhapsDiscovered({
  policy,
  system,
  stateDir,
}: PolicyChoice): Promise<FoundPolicy | null> {
  if (policy !== undefined) return { target: await policyTarget(policy, system), mode: null };
  const places = placesOf(stateDir);
  const watched = { specs: [], wasDiscovered: true };
  const mediators = await mediatorsOf(builtIn(system), places, watched);
  refuseSeveral(mediators);
  const options = system === undefined ? {} : { system };
  const { target, mode } = await chosenPolicy(mediators, watched, { options, places });
  if (target === null) {
    const found = await standing(system, places);
    return found && { target: found, mode: null };
  }
  const [whose] = target.readOnly?.split(':') ?? [];
  note(`policy: ${target.path}${whose === undefined ? '' : ` (${whose})`}`);
  return { target, mode };
}

/** The built-in systems. Maps have no policies. */
const builtIn = (system: string | undefined): readonly System[] =>
  systemsFor(system === undefined ? {} : { system });

/** The only policy at a documented path of a system; null without one. The product need not be running. */
async function standing(system: string | undefined, places: Places): Promise<PolicyTarget | null> {
  const [only, ...others] = await standingPolicies(builtIn(system), places);
  if (only === undefined) return null;
  if (others.length > 0) refuse([only, ...others].map(({ path }) => path));
  note(`policy: ${only.path}`);
  return policyTarget(only.path, only.system);
}

function refuse(names: readonly string[]): never {
  throw misuse(`several policies were discovered: ${names.join(', ')}`, 'name one with --policy FILE');
}

/** Refuses to choose between several mediators that reread a policy, or without any of these between several workspaces with own lists. */
function refuseSeveral(mediators: readonly WatchedMediator[]): void {
  const readers = mediators.filter(({ policyPath }) => policyPath !== null);
  const found = readers.length > 0 ? readers : mediators.filter(({ next }) => next !== null);
  if (found.length < 2) return;
  refuse(found.map(({ system, name, policyPath }) => policyPath ?? `the lists of ${system} ${name}`));
}
