import type { Entry, EntryForm } from '../../../core/policy/dialect.ts';
import type { NeverMatches } from '../../../core/policy/never-matches.ts';
import type { Problem } from '../../../core/problem.ts';

/** How one system matches a file that lists one name a line. */
export interface NameRules {
  readonly system: string;
  /** Whether a file of that name and text looks like this system's. */
  readonly claims: (text: string, path: string) => boolean;
  /** The entries that the system reads on a line without its blanks and comment. */
  readonly entriesIn: (line: string) => readonly string[];
  /** Whether the entry names the host, which is normalised. */
  readonly covers: (entry: string, host: string) => boolean;
  /** The entries that may name a host, keyed as `keysOf` looks them up. */
  readonly keyOf: (entry: string) => string;
  /** The keys of all entries that could name the host. */
  readonly keysOf: (host: string) => readonly string[];
  readonly neverMatches: (entry: string) => NeverMatches | null;
  /** The name that the entry stands for, without its sign, lower-case. */
  readonly baseOf: (entry: string) => string;
  /** Whether the entry names more than the host that it spells. */
  readonly isWide: (entry: string) => boolean;
  /** Complaints of the product about entries beside each other, in its own words. */
  readonly lintAmong: (entries: readonly Entry[], path: string) => readonly Problem[];
  /** Whether an entry names all that another one names, and more. */
  readonly contains: (wide: string, entry: string) => boolean;
  /** Whether the product refuses an entry beside one that contains it: what it contains goes when the wider one comes. */
  readonly refusesOverlap: boolean;
  readonly forms: (host: string) => readonly EntryForm[];
  /** The doubt about a host that no entry names, as that its address is looked up backwards; null where there is none. */
  readonly unsure: (host: string) => string | null;
  readonly isOwnDenial: (reason: string | null) => boolean;
}
