import type { FileFate } from '../core/policy/file-fate.ts';
import type { Policy, PolicyEdit, Warning } from '../core/policy/dialect.ts';
import type { EditOutcome, EditRefused } from './editing/edit.ts';
import type { JournalRecord } from './journal/journal-record.ts';
import type { Failed } from './file-problem.ts';

/** A planned edit, with the revision of the text that it changes. Nothing is written. */
export interface PlannedEdit {
  readonly type: 'planned';
  readonly fate: FileFate;
  readonly revision: string;
  readonly before: Policy;
  readonly after: Policy;
  readonly diff: string;
  readonly edit: PolicyEdit;
  readonly warnings: readonly Warning[];
  /** The record that an undo would revert; null for any other edit. */
  readonly undoes: JournalRecord | null;
  /** The edits that an undo skips, and why. */
  readonly notes: readonly string[];
}

/** The text needs no change. The notes name the edits that an undo skipped, and why. */
export interface Unchanged {
  readonly type: 'unchanged';
  readonly why: string;
  readonly notes: readonly string[];
}

/**
 * An edit that was written and journalled. The diff is empty where only the journal changed, for example when the end of a grant is lifted
 * in a format without comments.
 */
export interface Committed {
  readonly type: 'written';
  readonly fate: FileFate;
  /** Empty if the file was removed. */
  readonly text: string;
  readonly diff: string;
  readonly before: Policy;
  readonly after: Policy;
  readonly record: JournalRecord;
  /** The record that an undo reverted; null for any other edit. */
  readonly undoes: JournalRecord | null;
  readonly notes: readonly string[];
}

/** The file changed since the operator saw it. `preview` is the edit on its present text. Nothing was written. */
export interface Conflict {
  readonly type: 'conflict';
  readonly revision: string;
  readonly preview: EditOutcome;
}

/** The result of a commit, an undo or an expiry. */
export type CommitResult = Committed | Conflict | Unchanged | EditRefused | Failed;
