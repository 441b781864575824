import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';

/** A list as it stands in the document: its key's real spelling (JSON keys match in any case) and its entries in order. */
export interface FoundList {
  readonly name: ListName;
  readonly key: string;
  readonly entries: readonly Entry[];
}

/** The lists and problems that a reader of one format finds in a policy text. */
export interface FoundPolicy {
  readonly lists: readonly FoundList[];
  readonly problems: readonly Problem[];
}
