import type { JournalLine } from '../../app/state/journal.ts';
import { EXPIRY_ACTOR } from '../../policy-file/expire.ts';
import {
  changesOf,
  isEdit,
  type JournalRecord,
  type RecordName,
} from '../../policy-file/journal/journal-record.ts';
import { describeChanges } from './log.ts';

/** The most records that the screen lists. */
const SHOWN = 500;

/** One file's journal records in the form of the screen, newest first. `records` must be oldest first. */
export function journalLines(records: readonly JournalRecord[]): readonly JournalLine[] {
  const undone = new Set(records.flatMap(({ edit }) => ('of' in edit ? [keyOf(edit.of)] : [])));
  return records
    .slice(-SHOWN)
    .reverse()
    .map(record => ({
      name: { at: record.at, after: record.after },
      at: record.at,
      actor: record.actor,
      what: describeChanges(record),
      edit: changesOf(record),
      diff: record.diff,
      standing: standingOf(record, undone),
      expires: record.expires,
      acknowledged: record.acknowledged,
    }));
}

const keyOf = ({ at, after }: RecordName): string => `${at} ${after}`;

function standingOf(record: JournalRecord, undone: ReadonlySet<string>): JournalLine['standing'] {
  if (!isEdit(record)) return 'undo';
  if (record.actor === EXPIRY_ACTOR) return 'expiry';
  return undone.has(keyOf(record)) ? 'undone' : 'stands';
}
