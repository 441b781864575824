import type { Dialect, Policy } from '../../../core/policy/dialect.ts';
import { microagentDialect } from './dialect.ts';

/** The check that a locked workspace makes beside its policy (`internal/egress`, reason `name-destination`). */
const DNS_LOCK =
  'a locked workspace still denies a name that it never saw in a DNS answer for the address dialled';

/** The dialect as a microagent workspace rules by it: with its lock, which the policy file does not say. */
export const workspaceDialect: Dialect = {
  ...microagentDialect,
  parse: (text, path) => {
    const parsed = microagentDialect.parse(text, path);
    return parsed.type === 'valid' ? { ...parsed, policy: withLock(parsed.policy) } : parsed;
  },
};

/** The policy as a workspace rules by it: what a lock denies beside it is a note. */
export const withLock = (policy: Policy): Policy => ({
  ...policy,
  judge: (attempt, options = {}) => {
    const ruling = policy.judge(attempt, options);
    const isLocked = ruling.verdict === 'allow' && ruling.entry !== null && options.mode !== 'guarded';
    return isLocked ? { ...ruling, notes: [DNS_LOCK] } : ruling;
  },
});
