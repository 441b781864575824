import { Failure, misuse } from '../../../core/failure.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import type { Dialect } from '../../../core/policy/dialect.ts';
import { fleetAddress } from '../../../sources/nats/fleet-address.ts';
import { fleetTenant, shownAddress, type NatsAddress } from '../../../sources/nats/nats-address.ts';
import type { SourceSpec } from '../../../sources/source.ts';
import { systemNamed } from '../../../reading/selection.ts';
import type { System } from '../../../systems/system.ts';
import { flagsOf, namesOwner, policiesOf } from '../../fleet/policy/choose-key.ts';
import type { Signer } from '../../fleet/policy/cryptography.ts';
import {
  type FleetPolicyFlags,
  type FleetSession,
  keyOf,
  openFleet,
  signerFor,
} from '../../fleet/policy/fleet-session.ts';
import { openPolicy } from '../../fleet/policy/open-policy.ts';
import { claimantOf } from '../../policy/policy-target.ts';

/** A policy of a fleet that the dashboard judges by and edits. */
export interface FleetPolicyTarget {
  readonly address: NatsAddress;
  readonly flags: FleetPolicyFlags;
  readonly key: PolicyKey;
  readonly shownPath: string;
  readonly system: System;
  readonly dialect: Dialect;
  /** Null for who may only look. */
  readonly signer: Signer | null;
  /** Why it is never edited; absent where it may be. */
  readonly readOnly?: string;
}

/** The policy of a fleet that is open, or why there is none. */
export type FleetChoice =
  | { readonly type: 'open'; readonly target: FleetPolicyTarget }
  | { readonly type: 'none'; readonly why: string };

/** Said where no key signs. */
const NO_KEY =
  'read-only: an edit of a fleet is signed, and --key FILE (or EGRESSTOP_FLEET_KEY) names the key';

/**
 * The policy of the fleet that the flags name, else the only one that the tenant has. Without its server, the name of a policy's file tells
 * the system, and no flag means no policy.
 */
export async function fleetTarget(
  specs: readonly SourceSpec[],
  flags: FleetPolicyFlags & { readonly policy?: string },
): Promise<FleetChoice> {
  const [address, ...others] = specs.flatMap(spec => fleetAddress(spec) ?? []);
  if (!address || others.length > 0)
    throw misuse('--group and --machine name a policy of one fleet', 'name it as nats://HOST/TENANT');
  if (flags.policy !== undefined)
    throw misuse('--policy opens a file, and --group or --machine a policy of the fleet', 'name one of them');
  const named = namesOwner(flags) ? keyOf(fleetTenant(address), flags) : null;
  const { signer, readOnly } = await signing(flags);
  const found = await lookedUp(address, named, { flags, signer });
  if ('why' in found) return { type: 'none', why: found.why };
  const { key, system } = found;
  const dialect = await system.dialect();
  const target = {
    address,
    flags,
    key,
    shownPath: `${key.name} of ${key.scope} ${key.owner}`,
    system,
    // counters do not say which mediator denied: the fleet's policy is taken for it
    dialect: {
      ...dialect,
      isOwnDenial: (name, reason) => name === 'fleet' || dialect.isOwnDenial(name, reason),
    } satisfies Dialect,
    signer,
    ...(readOnly === null ? {} : { readOnly }),
  };
  return { type: 'open', target };
}

/** The key that signs, or why there is none. A key that was named must be there. */
async function signing(
  flags: FleetPolicyFlags,
): Promise<{ readonly signer: Signer | null; readonly readOnly: string | null }> {
  try {
    return { signer: await signerFor(flags), readOnly: null };
  } catch (error) {
    if (!(error instanceof Failure) || flags.key !== undefined) throw error;
    return { signer: null, readOnly: NO_KEY };
  }
}

/** A policy and the system that reads it, or why there is none. */
type LookedUp = { readonly key: PolicyKey; readonly system: System } | { readonly why: string };

/** Asks the server for the policy, and for the system whose policies look like its text, where the flags name neither. */
async function lookedUp(
  address: NatsAddress,
  named: PolicyKey | null,
  { flags, signer }: { readonly flags: FleetPolicyFlags; readonly signer: Signer | null },
): Promise<LookedUp> {
  if (named && flags.system !== undefined) return { key: named, system: systemNamed(flags.system) };
  try {
    await using session = await openFleet(shownAddress(address), flags, signer);
    const key = named ?? (await onlyPolicy(session, flags));
    if (typeof key === 'string') return { why: key };
    return { key, system: (await openPolicy(session, key, flags)).system };
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode === 2) throw error;
    if (named) return { key: named, system: await claimantOf('', named.name) }; // the server is away: the feed says so
    return { why: `No policy is open: ${error.message}. ${START_WITH}.` };
  }
}

const START_WITH = 'Start with --group NAME or --machine NAME for one of the fleet, or --policy FILE';

/** The only policy of the tenant, or why there is none such. */
async function onlyPolicy(session: FleetSession, flags: FleetPolicyFlags): Promise<PolicyKey | string> {
  const all = await policiesOf(session, flags);
  const [only] = all;
  if (!only) return `The fleet has no policy yet. ${START_WITH}.`;
  if (all.length === 1) return only;
  return `The fleet has ${all.length} policies, and none is open. Start with one of: ${flagsOf(all)}.`;
}
