import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';

/** A list in the document: its key as spelled (JSON keys match in any letter case), and its entries in order. */
export interface FoundList {
  readonly name: ListName;
  readonly key: string;
  readonly entries: readonly Entry[];
  /** The line of the `<<` that merges the list from another map. Such a list is not edited. Absent for a list of the policy itself. */
  readonly mergedAt?: number;
}

/** The lists and problems of a policy text. */
export interface FoundPolicy {
  readonly lists: readonly FoundList[];
  readonly problems: readonly Problem[];
  /** The line from which the text is ignored, because Go's decoders read only the first document or value. Absent if all is read. */
  readonly ignoredFrom?: number;
}

/** The warning about an ignored part. `part` is `document` or `value`. */
export const ignoredPart = (part: string, place: Pick<Problem, 'source' | 'line' | 'column'>): Problem => ({
  ...place,
  severity: 'warning',
  why: `microagent reads the first ${part} alone: it ignores all from here on`,
  remedy: `join it with the first ${part}, or remove it`,
});
