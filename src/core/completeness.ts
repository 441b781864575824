import type { JsonObject } from './event.ts';

/** Whether a log holds all the records that it should, as far as its writer tells. `unknown`: it tells nothing. */
export interface Completeness {
  readonly type: 'complete' | 'lossy' | 'unknown';
  /** The loss, or why nothing is known; null for a complete log. */
  readonly why: string | null;
}

/** A log that by design does not hold every ruling, and how far it can be relied on. */
export interface PartialLog {
  readonly log: string;
  /** The kinds of records that it holds, as `denials and findings only`. */
  readonly holds: string;
  readonly completeness: Completeness;
}

/** `denials and findings only; lossy (3 dropped_entries): counts are lower bounds`. */
export function describePartialLog({ holds, completeness: { type, why } }: PartialLog): string {
  const said = `${holds}; ${type}${why === null ? '' : ` (${why})`}`;
  return type === 'complete' ? said : `${said}: counts are lower bounds, and no denials prove nothing`;
}

/** A stream of a message bus on which a system publishes its records. */
export interface RecordStream {
  /** As the server knows it. */
  readonly name: string;
  /** The subject of all records, or of one tenant's. */
  readonly subject: (tenant: string | null) => string;
  /** The promise of its records, such as `fire and forget: may be incomplete`. */
  readonly holds: string;
  /** The step to take where the server has no such stream. */
  readonly remedy: string;
  /** A fresh account of one reading. */
  readonly account: () => StreamAccount;
}

/** Says which records of a stream are new, and what is missing between them. */
export interface StreamAccount {
  /** False for a record that was published before. It is not counted again. */
  readonly take: (record: JsonObject) => boolean;
  /** As far as the records that were taken tell. */
  readonly completeness: () => Completeness;
}
