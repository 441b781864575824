import type { Entry, EntryForm } from '../../../core/policy/dialect.ts';
import type { NeverMatches } from '../../../core/policy/never-matches.ts';
import type { Problem } from '../../../core/problem.ts';

/** How a system matches a file with one name a line. */
export interface NameRules {
  readonly system: string;
  /** Whether a file with this name and text looks like this system's. */
  readonly claims: (text: string, path: string) => boolean;
  /** The entries on a line, given without blanks and comment. */
  readonly entriesIn: (line: string) => readonly string[];
  /** Whether the entry covers the host, which is normalised. */
  readonly covers: (entry: string, host: string) => boolean;
  /** The index key of an entry. */
  readonly keyOf: (entry: string) => string;
  /** The keys under which entries that may cover the host are indexed. */
  readonly keysOf: (host: string) => readonly string[];
  readonly neverMatches: (entry: string) => NeverMatches | null;
  /** The entry's name in lower case, without its prefix. */
  readonly baseOf: (entry: string) => string;
  /** Whether the entry covers more than the host that it spells. */
  readonly isWide: (entry: string) => boolean;
  /** The product's complaints about overlapping entries, in its own words. */
  readonly lintAmong: (entries: readonly Entry[], path: string) => readonly Problem[];
  /** Whether `wide` covers everything that `entry` covers, and more. */
  readonly contains: (wide: string, entry: string) => boolean;
  /** Whether the product refuses overlapping entries. Adding a wide entry then removes those that it covers. */
  readonly refusesOverlap: boolean;
  readonly forms: (host: string) => readonly EntryForm[];
  /** A note on a host that no entry covers, such as that its address is resolved backwards; null without one. */
  readonly unsure: (host: string) => string | null;
  readonly isOwnDenial: (reason: string | null) => boolean;
}
