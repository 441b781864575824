import type { MediationMode } from '../core/policy/dialect.ts';
import type { FlagLists } from '../core/policy/flag-entries.ts';

/** A log that was found, or the path of a log that will appear. */
export interface DiscoveredSource {
  readonly system: string;
  /** The name that a person uses: `research`, `audit.jsonl`. */
  readonly name: string;
  /** The SOURCE argument: a path or `unix:PATH`. */
  readonly source: string;
  readonly agent: string | null;
}

/** The state of one mediator of a system, and the changes that a restart would cause. */
export interface Inspected {
  readonly name: string;
  /** The SOURCE arguments of its logs and its socket. Its reports count only if one of them is read. */
  readonly sources: readonly string[];
  /** Its state, mode and entries in force, in one line. */
  readonly summary: string;
  /** The changes that a restart would cause; empty if none. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /**
   * The path of the policy file that it rereads without a restart, and the revision that it reports as in force. Null for a mediator that
   * rereads none.
   */
  readonly policyPath: string | null;
  readonly revision: string | null;
  /** Its mode, if that is a mode of a policy; null if unknown. */
  readonly mode: MediationMode | null;
  /** Its entries from the command line; absent if it takes none. */
  readonly flags?: FlagLists;
  /** Whether the programs behind it can reach the network only through it; absent or null if unknown. */
  readonly confinement?: 'confined' | 'can be bypassed' | null;
  /** The lists that it will use after a restart, as it copied them from a policy. Null for a mediator without own lists. */
  readonly next: OwnLists | null;
}

/** The lists that a mediator keeps in its own file, as written. */
export interface OwnLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}
