import { misuse } from '../../../core/failure.ts';
import { describeKey } from '../../../core/fleet/judge-value.ts';
import { POLICY_STREAM, policyKeyOf, policySubjects } from '../../../core/fleet/policy-subject.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import { shellQuoted } from '../../../core/text/shell-quoted.ts';
import { storedMessages } from '../../../sources/nats/stored-messages.ts';
import { note } from '../../output.ts';
import { type FleetPolicyFlags, type FleetSession, keyOf, USUAL_NAME } from './fleet-session.ts';

/** A list of policies names so many of them. */
const NAMED = 8;

/**
 * The policy that the flags name. Without `--group` and `--machine` it is the only one of the tenant, and is told. Throws misuse where there
 * is none or more than one.
 */
export async function chosenKey(session: FleetSession, flags: FleetPolicyFlags): Promise<PolicyKey> {
  if (namesOwner(flags)) return keyOf(session.tenant, flags);
  const all = await policiesOf(session, flags);
  const [only, ...others] = all;
  if (only && others.length === 0) {
    note(`the only policy of the tenant: ${describeKey(only)}`);
    return only;
  }
  if (only) throw misuse(`the tenant has ${all.length} policies`, `name one: ${flagsOf(all)}`);
  throw misuse(
    `the tenant ${session.tenant} has no ${flags.name === undefined ? '' : `${JSON.stringify(flags.name)} as a `}policy yet`,
    'say whose the first one is, with --group or --machine',
  );
}

/** Whether the flags say whose policy is meant. */
export const namesOwner = ({ group, machine }: FleetPolicyFlags): boolean =>
  group !== undefined || machine !== undefined;

/** The policies that the tenant has, of the name that the flags may give, by group and machine. */
export async function policiesOf(
  { connection, tenant }: FleetSession,
  { name }: FleetPolicyFlags,
): Promise<readonly PolicyKey[]> {
  const subjects = policySubjects(tenant);
  const found = await storedMessages(connection, { stream: POLICY_STREAM, subjects, which: 'newest' });
  const keys = found.flatMap(({ subject, isDeletion }) => (isDeletion ? [] : (policyKeyOf(subject) ?? [])));
  const ordered = keys.map(key => [`${key.scope} ${key.owner} ${key.name}`, key] as const).sort(byName);
  return ordered.flatMap(([, key]) => (name === undefined || key.name === name ? [key] : []));
}

const byName = ([one]: readonly [string, PolicyKey], [other]: readonly [string, PolicyKey]): number =>
  one < other ? -1 : 1;

/** The flags that name each of these policies. */
export function flagsOf(keys: readonly PolicyKey[]): string {
  const more = keys.length - NAMED;
  const named = keys
    .slice(0, NAMED)
    .map(
      ({ scope, owner, name }) =>
        `--${scope} ${shellQuoted(owner)}${name === USUAL_NAME ? '' : ` --name ${shellQuoted(name)}`}`,
    );
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
