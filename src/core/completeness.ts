import type { JsonObject } from './event.ts';

/**
 * Whether a log holds all the records that it should, by the account of the program that wrote it. `unknown`: that program gives no
 * account.
 */
export interface Completeness {
  readonly type: 'complete' | 'lossy' | 'unknown';
  /** The records that are missing, or why that is unknown; null for a complete log. */
  readonly why: string | null;
}

/** A log that by design does not hold every ruling, and how far it can be relied on. */
export interface PartialLog {
  readonly log: string;
  /** The kinds of records that it holds, as `denials and findings only`. */
  readonly holds: string;
  readonly completeness: Completeness;
}

/** The limits of a partial log in one line: `denials and findings only; lossy (3 dropped_entries): counts are lower bounds`. */
export function describePartialLog({ holds, completeness: { type, why } }: PartialLog): string {
  const said = `${holds}; ${type}${why === null ? '' : ` (${why})`}`;
  return type === 'complete'
    ? said
    : `${said}: counts are lower bounds, and the absence of denials proves nothing`;
}

/** A stream of a message bus on which a system publishes its records. */
export interface RecordStream {
  /** The stream's name on the server. */
  readonly name: string;
  /** The subject to subscribe to: all records, or those of one tenant. */
  readonly subject: (tenant: string | null) => string;
  /** A statement of how complete the records are, such as `fire and forget: may be incomplete`. */
  readonly holds: string;
  /** The advice to the operator where the server has no such stream. */
  readonly remedy: string;
  /** Makes an account of one reading from the stream's start. */
  readonly account: () => StreamAccount;
}

/** Says which records of a stream are new, and what is missing between them. */
export interface StreamAccount {
  /** Takes the next record. Returns false for a record that was published before, which must not be counted again. */
  readonly take: (record: JsonObject) => boolean;
  /** How complete the records taken so far are. */
  readonly completeness: () => Completeness;
}
