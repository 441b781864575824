import type { Policy } from '../../core/policy/dialect.ts';
import type { Problem } from '../../core/problem.ts';

/** Why the file at the policy's path is no policy now. */
export type PolicyTrouble = 'missing' | 'unreadable' | 'invalid';

/** The policy file as the watcher last told of it. */
export interface PolicyState {
  readonly path: string;
  readonly dialect: string;
  /** The system's own matchers, where it has several. */
  readonly matchers: readonly string[];
  /** The last policy that parsed: it stays in force for judging while the file is in trouble. */
  readonly policy: Policy | null;
  readonly revision: string | null;
  readonly loadedAt: number | null;
  /** Lint of the last good policy, or what is wrong with the file now. */
  readonly problems: readonly Problem[];
  /** Null for a file that can be used, and for one that is still to be read. */
  readonly trouble: PolicyTrouble | null;
  /** Why it is never edited: up to the colon, whose it is. Absent where it may be. */
  readonly readOnly?: string;
}

/** A policy file that is still to be read. */
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
