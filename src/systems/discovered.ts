import type { MediationMode } from '../core/policy/dialect.ts';
import type { FlagLists } from '../core/policy/flag-entries.ts';

/** A log that discovery found, or a place where one will appear. */
export interface DiscoveredSource {
  readonly system: string;
  /** The name that a person uses: `research`, `audit.jsonl`. */
  readonly name: string;
  /** A path or `unix:PATH`, as a SOURCE argument. */
  readonly source: string;
  readonly agent: string | null;
}

/** One mediator of a system: its state, and the changes that a restart would bring. */
export interface Inspected {
  readonly name: string;
  /** Its logs and its socket, as SOURCE arguments. Its statements count only where one of them is read. */
  readonly sources: readonly string[];
  /** State, mode and entries in force in one line. */
  readonly summary: string;
  /** Empty when a restart would change nothing. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The policy file that it rereads by itself, and the revision that it reports as in force; null where it rereads none. */
  readonly policyPath: string | null;
  readonly revision: string | null;
  /** The mode it runs in, where it is a mode of a policy; null where it is unknown. */
  readonly mode: MediationMode | null;
  /** The entries that it has beside those of the file; absent where it takes none. */
  readonly flags?: FlagLists;
  /** Whether the programs behind it reach nothing but it; absent or null where that is unknown. */
  readonly confinement?: 'confined' | 'can be bypassed' | null;
  /** The lists that its next start will use, copied from a policy whose path it forgot; null where it has none of its own. */
  readonly next: OwnLists | null;
}

/** The lists of entries that a mediator keeps in a file of its own, as written. */
export interface OwnLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}
