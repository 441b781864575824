import { Failure, misuse } from '../../../core/failure.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import type { Dialect } from '../../../core/policy/dialect.ts';
import { fleetAddress } from '../../../sources/nats/fleet-address.ts';
import { fleetTenant, shownAddress, type NatsAddress } from '../../../sources/nats/nats-address.ts';
import type { SourceSpec } from '../../../sources/source.ts';
import { systemNamed } from '../../../reading/selection.ts';
import type { System } from '../../../systems/system.ts';
import type { Signer } from '../../fleet/policy/cryptography.ts';
import { type FleetPolicyFlags, keyOf, openFleet, signerFor } from '../../fleet/policy/fleet-session.ts';
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

/** Said where no key signs. */
const NO_KEY =
  'read-only: an edit of a fleet is signed, and --key FILE (or EGRESSTOP_FLEET_KEY) names the key';

/** The policy of the fleet that the flags name; null where they name none. Without its server, the name of its file tells the system. */
export async function fleetTarget(
  specs: readonly SourceSpec[],
  flags: FleetPolicyFlags & { readonly policy?: string },
): Promise<FleetPolicyTarget | null> {
  if (flags.group === undefined && flags.machine === undefined) return null;
  const [address, ...others] = specs.flatMap(spec => fleetAddress(spec) ?? []);
  if (!address || others.length > 0)
    throw misuse('--group and --machine name a policy of one fleet', 'name it as nats://HOST/TENANT');
  if (flags.policy !== undefined)
    throw misuse('--policy opens a file, and --group or --machine a policy of the fleet', 'name one of them');
  const key = keyOf(fleetTenant(address), flags);
  const { signer, readOnly } = await signing(flags);
  const system = await systemOf(address, key, { flags, signer });
  const dialect = await system.dialect();
  return {
    address,
    flags,
    key,
    shownPath: `${key.name} of ${key.scope} ${key.owner}`,
    system,
    // counters do not say which mediator denied: the fleet's policy is taken for it
    dialect: {
      ...dialect,
      isOwnDenial: (name, reason) => name === 'fleet' || dialect.isOwnDenial(name, reason),
    },
    signer,
    ...(readOnly === null ? {} : { readOnly }),
  };
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

/** The system that reads the policy: the one named, else the one whose policies look like the text on the server. */
async function systemOf(
  address: NatsAddress,
  key: PolicyKey,
  { flags, signer }: { readonly flags: FleetPolicyFlags; readonly signer: Signer | null },
): Promise<System> {
  if (flags.system !== undefined) return systemNamed(flags.system);
  try {
    await using session = await openFleet(shownAddress(address), flags, signer);
    return (await openPolicy(session, key, flags)).system;
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode === 2) throw error;
    return claimantOf('', key.name); // the server is away: the feed says so
  }
}
