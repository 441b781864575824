import type { Dialect, EntryChange, PolicyEdit } from '../core/policy/dialect.ts';
import { type Act, attempt, type CommitResult, type Committed } from './attempt.ts';
import { takeBack } from './editing/diff.ts';
import { backByDiff, backToEarlier } from './editing/earlier-text.ts';
import type { EditOutcome } from './editing/edit.ts';
import { editWithEnds } from './editing/edit-with-ends.ts';
import { EXPIRY_ACTOR } from './expire.ts';
import { entryDifference } from './editing/entry-difference.ts';
import { inverseOf } from './editing/inverse.ts';
import { type EditRecord, isEdit, type JournalRecord, sameRecord } from './journal/journal-record.ts';

/** What an undo did. `nothing`: no edit is left to take back. The notes tell which edits were passed by, and why. */
export type UndoResult =
  | (Committed & { readonly of: JournalRecord; readonly notes: readonly string[] })
  | { readonly type: 'nothing'; readonly notes: readonly string[] }
  | Exclude<CommitResult, Committed | { readonly type: 'unchanged' }>;

/** The record to take back and how, on the text that stands there now. */
interface Found {
  readonly of: JournalRecord | null;
  readonly outcome: EditOutcome;
  readonly notes: readonly string[];
}

/** Takes back the last edit made through egresstop that still has an effect: its inverse on today's file. The next undo takes back the one before. */
export async function undoLast(act: Act): Promise<UndoResult> {
  let found: Found = { of: null, outcome: NOTHING, notes: [] };
  const result = await attempt(act, (text, records) => {
    const { of, outcome } = (found = find(act, text, records));
    return {
      outcome,
      asRecorded: edit => (of ? { type: 'undo', of: { at: of.at, after: of.after }, edit } : edit),
    };
  });
  if (result.type === 'written' && found.of) return { ...result, of: found.of, notes: found.notes };
  return result.type === 'written' || result.type === 'unchanged'
    ? { type: 'nothing', notes: found.notes }
    : result;
}

const NOTHING: EditOutcome = { type: 'unchanged', why: 'nothing to undo' };

function find(act: Act, text: string, records: readonly JournalRecord[]): Found {
  const notes: string[] = [];
  const parsed = act.dialect.parse(text, act.path);
  if (parsed.type === 'invalid')
    return { of: null, outcome: editWithEnds({ ...act, edit: [] }, text, records), notes };
  for (const of of openRecords(records)) {
    const outcome = takenBack(act, text, records, of);
    if (outcome) return { of, outcome, notes };
    notes.push(`passed by ${describeEdit(of)} of ${of.at}: its effect is no longer there`);
  }
  return { of: null, outcome: NOTHING, notes };
}

/** The edits that nobody has taken back, newest first. What expired is no edit of a person's. */
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

const describeEdit = ({ edit }: { readonly edit: PolicyEdit }): string =>
  edit.map(({ type, list, entry }: EntryChange) => `${type} ${entry} (${list})`).join(', ');

/** The record's inverse on this text; null where nothing of its effect is left. A text that does not parse is refused. */
export function takenBack(
  { path, dialect, now }: Pick<Act, 'path' | 'dialect' | 'now'>,
  text: string,
  records: readonly JournalRecord[],
  of: JournalRecord & { readonly edit: PolicyEdit },
): EditOutcome | null {
  const parsed = dialect.parse(text, path);
  if (parsed.type === 'invalid') return editWithEnds({ path, dialect, edit: [] }, text, records);
  const edit = inverseOf(of, { path, dialect, now, policy: parsed.policy, records });
  if (edit.length === 0 || isOfAnotherPart({ path, dialect }, text, of)) return null;
  const wished = { path, dialect, edit };
  return (
    backByDiff(wished, text, of) ??
    backToEarlier(wished, text, records) ??
    editWithEnds(wished, text, records)
  );
}

/** Whether the record changed another of the policies that the file holds: taken back line by line, it leaves this one's entries alone. */
function isOfAnotherPart(
  { path, dialect }: { readonly path: string; readonly dialect: Dialect },
  text: string,
  { diff, edit }: EditRecord,
): boolean {
  const isRenewal = new Set(edit.map(({ type }) => type)).size > 1; // changes an end, and no entry
  const back = dialect.part && !isRenewal ? takeBack(diff, text) : null;
  if (back === null || back === text) return false;
  const [now, then] = [dialect.parse(text, path), dialect.parse(back, path)];
  if (now.type === 'invalid' || then.type === 'invalid') return false;
  const { removed, added } = entryDifference(now.policy.entries, then.policy.entries);
  return removed.length + added.length === 0;
}
