import type { FileFate } from '../core/policy/file-fate.ts';
import type { Policy, PolicyEdit, Warning } from '../core/policy/dialect.ts';
import type { EditOutcome, EditRefused } from './editing/edit.ts';
import type { JournalRecord } from './journal/journal-record.ts';
import type { Failed } from './file-problem.ts';

/** The step from one policy to the next, with the revision of the text that it starts from. Nothing is written. */
export interface PlannedEdit {
  readonly type: 'planned';
  readonly fate: FileFate;
  readonly revision: string;
  readonly before: Policy;
  readonly after: Policy;
  readonly diff: string;
  readonly edit: PolicyEdit;
  readonly warnings: readonly Warning[];
  /** The record that an undo would take back; null for every other edit. */
  readonly undoes: JournalRecord | null;
  /** The edits that an undo passes by, and why. */
  readonly notes: readonly string[];
}

/** Nothing is to be changed. The notes name the edits that an undo skipped, and why. */
export interface Unchanged {
  readonly type: 'unchanged';
  readonly why: string;
  readonly notes: readonly string[];
}

/** An edit written and journalled. An empty diff: only the journal changed, as where an end is lifted in a format without comments. */
export interface Committed {
  readonly type: 'written';
  readonly fate: FileFate;
  /** Empty where the file was removed. */
  readonly text: string;
  readonly diff: string;
  readonly before: Policy;
  readonly after: Policy;
  readonly record: JournalRecord;
  /** The record that an undo took back; null for every other edit. */
  readonly undoes: JournalRecord | null;
  readonly notes: readonly string[];
}

/** The file changed since it was shown; `preview` is the edit on the present text. Nothing was written. */
export interface Conflict {
  readonly type: 'conflict';
  readonly revision: string;
  readonly preview: EditOutcome;
}

/** How a commit, an undo or an expiry went. */
export type CommitResult = Committed | Conflict | Unchanged | EditRefused | Failed;
