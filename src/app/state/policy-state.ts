import type { Policy } from '../../core/policy/dialect.ts';
import type { Problem } from '../../core/problem.ts';

/** Why there is no valid policy at the path now. */
export type PolicyTrouble = 'missing' | 'unreadable' | 'invalid';

/** The policy file as last reported by the watcher. */
export interface PolicyState {
  readonly path: string;
  readonly dialect: string;
  /** The names of the system's matchers, if it has several. */
  readonly matchers: readonly string[];
  /** The last valid policy. It is used for judging while the file is missing or invalid. */
  readonly policy: Policy | null;
  readonly revision: string | null;
  readonly loadedAt: number | null;
  /** The warnings about the last valid policy, or the faults of the present file. */
  readonly problems: readonly Problem[];
  /** Null for a valid file, and for one that is not read yet. */
  readonly trouble: PolicyTrouble | null;
  /** Why the policy is never edited. The part before the colon names its owner. Absent if it may be edited. */
  readonly readOnly?: string;
}

/** The state of a policy file that is not read yet. */
export const unreadPolicy = (
  path: string,
  dialect: string,
  matchers: readonly string[] = [],
): PolicyState => ({
  path,
  dialect,
  matchers,
  policy: null,
  revision: null,
  loadedAt: null,
  problems: [],
  trouble: null,
});
