import type { LivePolicy, Reload } from './live-policy.ts';
import type { MediatorOptions } from './mediator-options.ts';

/** The greeting of a mediator on its socket: protocol 1. */
export const helloOf = (options: MediatorOptions, policy: LivePolicy, address: string): object => ({
  type: 'hello',
  protocol: 1,
  mediator: 'egresstop',
  version: options.version,
  pid: process.pid,
  mode: options.mode,
  listen: address,
  policy: options.mode === 'off' ? null : policyFields(policy),
  flags: options.flags,
  audit: options.auditPath,
  ca: options.authorityFolder,
});

/** The policy in force, and why the file as it stands now is not, where that is so. */
const policyFields = ({ path, inForce, rejection }: LivePolicy): object => ({
  path,
  revision: inForce.revision,
  ...(rejection && { rejected: { revision: rejection.revision, problems: rejection.problems } }),
});

/** The result of a reload as a message on the socket. */
export function policyMessage(reload: Reload, now: number): object {
  const at = new Date(now).toISOString();
  return reload.type === 'applied'
    ? { type: 'policy', status: 'applied', revision: reload.inForce.revision, at }
    : { type: 'policy', status: 'rejected', revision: reload.revision, problems: reload.problems, at };
}

/** The result of a reload as a record in the audit log. */
export const reloadRecord = (reload: Reload, policy: LivePolicy) =>
  reload.type === 'applied'
    ? { event: 'egress_policy_applied', revision: reload.inForce.revision, ...entriesOf(policy) }
    : {
        event: 'egress_policy_rejected',
        revision: reload.revision,
        reason: reload.problems[0]?.why ?? 'unreadable',
        problems: reload.problems,
      };

/** The lists in force, as fields of a record. */
export function entriesOf({ inForce }: LivePolicy): object {
  const list = (name: string): readonly string[] =>
    inForce.policy.entries.filter(entry => entry.list === name).map(entry => entry.text);
  return { allow: list('allow'), passthrough: list('passthrough') };
}
