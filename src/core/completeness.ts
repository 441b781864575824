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
