import { describeEdit } from '../core/policy/describe-edit.ts';
import type { Proposal } from './carry-out.ts';
import { removalDiff, takeBack } from './editing/diff.ts';
import { backByDiff, backToEarlier } from './editing/earlier-text.ts';
import { type EditOutcome, editWithEnds, shadowDone, type ValidText } from './editing/edit.ts';
import { entryDifference } from './editing/entry-difference.ts';
import { inverseOf, type Today } from './editing/inverse.ts';
import { EXPIRY_ACTOR } from './expire.ts';
import { NO_FILE, revision } from './read.ts';
import {
  type EditRecord,
  isEdit,
  type JournalRecord,
  type RecordName,
  sameRecord,
} from './journal/journal-record.ts';

/** Proposes to revert the newest edit of a person that still has an effect, by the inverse edit on today's text. */
export function takeBackLast(today: Today): Proposal {
  const notes: string[] = [];
  for (const record of openRecords(today.records)) {
    const removal = removedFile(today, record);
    const outcome = removal ?? takenBack(today, record);
    if (outcome) return { outcome, undoes: record, notes, ...(removal ? { removesFile: true } : {}) };
    notes.push(`skipped ${describeEdit(record.edit)} of ${record.at}: its effect is gone`);
  }
  return { outcome: { type: 'unchanged', why: 'nothing to undo' }, notes };
}

/** Proposes to revert one edit of any age, by the inverse edit on today's text. A refusal names the obstacle. */
export function takeBackRecord(today: Today, of: RecordName): Proposal {
  const { records } = today;
  const record = records.findLast(other => sameRecord(other, of));
  if (!record) return refused('the journal no longer holds this edit');
  if (!isEdit(record)) return refused('this was itself an undo: make the edit again instead');
  if (record.actor === EXPIRY_ACTOR) return refused('the grant was over: allow the host again instead');
  const undo = records.findLast(({ edit }) => 'of' in edit && sameRecord(record, edit.of));
  if (undo) return refused(`already undone at ${undo.at} by ${undo.actor}`);
  const removal = removedFile(today, record);
  const outcome = removal ?? takenBack(today, record);
  return outcome
    ? { outcome, undoes: record, ...(removal ? { removesFile: true } : {}) }
    : refused('nothing of its effect is left: its entries were changed since');
}

const refused = (why: string): Proposal => ({ outcome: { type: 'refused', why, problems: [] } });

/** The edits that were not undone, newest first, without expiries. */
function openRecords(records: readonly JournalRecord[]): readonly EditRecord[] {
  const open: EditRecord[] = [];
  for (const record of records) {
    if (isEdit(record)) open.push(record);
    else dropUndone(open, record.edit);
  }
  return open.filter(({ actor }) => actor !== EXPIRY_ACTOR).reverse();
}

function dropUndone(open: EditRecord[], undo: JournalRecord['edit']): void {
  const index = open.findLastIndex(record => 'of' in undo && sameRecord(record, undo.of));
  if (index !== -1) open.splice(index, 1);
}

/**
 * The removal of a file that this record created, if its text has not changed since; null otherwise. The resulting policy is the empty one.
 */
function removedFile(today: Today, { before, after, edit }: EditRecord): EditOutcome | null {
  const { text, path, dialect } = today;
  if (before !== NO_FILE || revision(text) !== after) return null;
  const then = dialect.parse(dialect.template?.('empty', path) ?? '', path);
  if (then.type === 'invalid') return null;
  const diff = removalDiff(path, text);
  return { type: 'edited', text: '', diff, policy: then.policy, edit: inverseOf({ edit }, today) };
}

/** The record's inverse on this text; null where no effect of the record is left. */
function takenBack(today: Today, record: EditRecord): EditOutcome | null {
  const edit = inverseOf(record, today);
  if (edit.length === 0 || isOfAnotherPart(today, record)) return null;
  return (
    backByDiff(today, edit, record) ??
    backToEarlier(today, edit, today.records) ??
    editWithEnds(today, edit, today.records)
  );
}

/** Whether the record changed another policy in the same file. Reversing its diff then does not change the entries of this policy. */
function isOfAnotherPart({ text, path, dialect, policy }: ValidText, { diff, edit }: EditRecord): boolean {
  const isRenewal = new Set(edit.map(({ type }) => type)).size > 1; // changes only the end of an entry
  const back = dialect.part && !isRenewal ? takeBack(diff, text) : null;
  if (back === null || back === text) return false;
  const then = dialect.parse(back, path);
  if (then.type === 'invalid') return false;
  const { removed, added } = entryDifference(policy.entries, then.policy.entries);
  return removed.length + added.length + shadowDone(policy, then.policy).length === 0;
}
