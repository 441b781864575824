import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';

/** A list as it stands in the document: its key's real spelling (JSON keys match in any case) and its entries in order. */
export interface FoundList {
  readonly name: ListName;
  readonly key: string;
  readonly entries: readonly Entry[];
  /** The line of the `<<` that merges the list in from another map: it is not edited there. Absent for a list of the policy itself. */
  readonly mergedAt?: number;
}

/** The lists and problems that a reader of one format finds in a policy text. */
export interface FoundPolicy {
  readonly lists: readonly FoundList[];
  readonly problems: readonly Problem[];
  /** The line from which on the text is ignored: Go's decoders read the first document or value alone. Absent where all is read. */
  readonly ignoredFrom?: number;
}

/** The warning of a part that is ignored. `part` is `document` or `value`. */
export const ignoredPart = (part: string, place: Pick<Problem, 'source' | 'line' | 'column'>): Problem => ({
  ...place,
  severity: 'warning',
  why: `microagent reads the first ${part} alone: it ignores all from here on`,
  remedy: `join it with the first ${part}, or remove it`,
});
