import { type Act, attempt, type CommitResult, type Committed } from './attempt.ts';
import type { EditOutcome } from './editing/edit.ts';
import { EXPIRY_ACTOR } from './expire.ts';
import { isEdit, type JournalRecord, type RecordName, sameRecord } from './journal/journal-record.ts';
import { takenBack } from './undo.ts';

/** What undoing one record did: the record taken back is `of`. */
export type RecordUndone = (Committed & { readonly of: JournalRecord }) | Exclude<CommitResult, Committed>;

type Place = Pick<Act, 'path' | 'dialect' | 'now'>;

/** Takes back one edit, whichever it was: its inverse on today's file. What stands in the way is refused with the reason. */
export async function undoRecord(act: Act & { readonly of: RecordName }): Promise<RecordUndone> {
  let found: JournalRecord | null = null;
  const result = await attempt(act, (text, records) => {
    const planned = planUndo(act, text, records);
    found = planned.of;
    return {
      outcome: planned.outcome,
      asRecorded: edit => ({ type: 'undo', of: { at: act.of.at, after: act.of.after }, edit }),
    };
  });
  if (result.type !== 'written') return result;
  if (!found) throw new Error('an undo was written for a record that was not found');
  return { ...result, of: found };
}

/** What taking back one record would make of this text, with the journal's records for the file at hand. Nothing is written. */
export function planUndo(
  place: Place & { readonly of: RecordName },
  text: string,
  records: readonly JournalRecord[],
): { readonly of: JournalRecord | null; readonly outcome: EditOutcome } {
  const refused = (why: string) => ({ of: null, outcome: { type: 'refused' as const, why, problems: [] } });
  const of = records.findLast(record => sameRecord(record, place.of));
  if (!of) return refused('the journal no longer holds this edit');
  if (!isEdit(of)) return refused('this was itself an undo: make the edit again instead');
  if (of.actor === EXPIRY_ACTOR) return refused('the grant was over: allow the host again instead');
  const undo = records.findLast(record => 'of' in record.edit && sameRecord(of, record.edit.of));
  if (undo) return refused(`already undone at ${undo.at} by ${undo.actor}`);
  return {
    of,
    outcome: takenBack(place, text, records, of) ?? {
      type: 'refused',
      why: 'nothing of its effect is left: its entries were changed since',
      problems: [],
    },
  };
}
