import { tokenOf } from './counters/token.ts';
import type { PolicyKey } from './policy-value.ts';

/** The bucket that policies stand in. */
export const POLICY_BUCKET = 'egress_policy';
/** The stream behind the bucket, as NATS ADR-8 names it. */
export const POLICY_STREAM = `KV_${POLICY_BUCKET}`;
/** The stream of what machines say of their policies. */
export const REPORT_STREAM = 'EGRESS_ACK';

const REPORT_ROOT = 'egress.ack';
const POLICY_ROOT = `$KV.${POLICY_BUCKET}`;

/** The subject of a policy's key in the bucket. */
export const policySubject = ({ tenant, scope, owner, name }: PolicyKey): string =>
  `${POLICY_ROOT}.${tokenOf(tenant)}.${scope === 'group' ? 'g' : 'm'}.${tokenOf(owner)}.${tokenOf(name)}`;

/** Where a machine says how it stands. */
export const reportSubject = (machine: { readonly tenant: string; readonly machine: string }): string =>
  `${REPORT_ROOT}.${tokenOf(machine.tenant)}.${tokenOf(machine.machine)}`;

/** The subject of all machines of a tenant, and (null) of every tenant. */
export const reportSubjects = (tenant: string | null): string =>
  tenant === null ? `${REPORT_ROOT}.>` : `${REPORT_ROOT}.${tokenOf(tenant)}.*`;
