import { nameOfToken, tokenOf } from './counters/token.ts';
import { isName } from './names.ts';
import type { PolicyKey } from './policy-value.ts';

/** The key-value bucket of policies. */
export const POLICY_BUCKET = 'egress_policy';
/** The stream of that bucket, by the naming rule of NATS ADR-8. */
export const POLICY_STREAM = `KV_${POLICY_BUCKET}`;
/** The stream of the machines' policy reports. */
export const REPORT_STREAM = 'EGRESS_ACK';

const REPORT_ROOT = 'egress.ack';
const POLICY_ROOT = `$KV.${POLICY_BUCKET}`;

/** The subject of a policy in the bucket. */
export const policySubject = ({ tenant, scope, owner, name }: PolicyKey): string =>
  `${POLICY_ROOT}.${tokenOf(tenant)}.${scope === 'group' ? 'g' : 'm'}.${tokenOf(owner)}.${tokenOf(name)}`;

/** Whether a subject names one or several policies. */
export const isOfPolicies = (subject: string): boolean => subject.startsWith(`${POLICY_ROOT}.`);

/** The subject pattern for all policies of a tenant. */
export const policySubjects = (tenant: string): string => `${POLICY_ROOT}.${tokenOf(tenant)}.>`;

/** The policy that a subject names; null for any other subject. */
export function policyKeyOf(subject: string): PolicyKey | null {
  if (!isOfPolicies(subject)) return null;
  const [tenant, scope, owner, name, ...rest] = subject.slice(POLICY_ROOT.length + 1).split('.');
  const [of, whose, what] = [tenant, owner, name].map(token => nameOfToken(token ?? ''));
  if (rest.length > 0 || (scope !== 'g' && scope !== 'm') || !of || !whose || !what) return null;
  if (![of, whose, what].every(isName)) return null;
  return { tenant: of, scope: scope === 'g' ? 'group' : 'machine', owner: whose, name: what };
}

/** The subject for a machine's reports. */
export const reportSubject = (machine: { readonly tenant: string; readonly machine: string }): string =>
  `${REPORT_ROOT}.${tokenOf(machine.tenant)}.${tokenOf(machine.machine)}`;

/** The subject pattern for the reports of a tenant's machines; null: of all tenants. */
export const reportSubjects = (tenant: string | null): string =>
  tenant === null ? `${REPORT_ROOT}.>` : `${REPORT_ROOT}.${tokenOf(tenant)}.*`;
