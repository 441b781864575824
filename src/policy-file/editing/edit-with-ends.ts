import type { EntryChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import { journalledEnds } from '../grants.ts';
import type { JournalRecord } from '../journal/journal-record.ts';
import { type EditOutcome, editValid, type ValidText } from './edit.ts';

/**
 * The edit on this text, given the journal's records of its file. Where a format has no comments, only the records know when entries end.
 * There a removal carries the end that the entry had. An entry that ends can be made to stay without a change of the text.
 */
export function editWithEnds(
  before: ValidText,
  edit: PolicyEdit,
  records: readonly JournalRecord[],
): EditOutcome {
  const { text, path, dialect, policy } = before;
  const outcome = editValid(before, edit);
  if (dialect.showsEnds(path) || outcome.type === 'refused') return outcome;
  const endOf = journalledEnds(records, dialect);
  const ended = (change: EntryChange): PolicyEdit => {
    const until = endOf({ list: change.list, text: change.entry });
    return until === null ? [] : [{ type: 'remove', list: change.list, entry: change.entry, until }];
  };
  if (outcome.type === 'edited') {
    return {
      ...outcome,
      edit: outcome.edit.flatMap(change =>
        change.type === 'remove' ? (ended(change)[0] ?? change) : change,
      ),
    };
  }
  const lifted = entryChanges(edit).filter(({ type, until }) => type === 'add' && until === undefined);
  const changes = lifted.flatMap(change => ended(change).flatMap(removal => [removal, change]));
  return changes.length === 0 ? outcome : { type: 'edited', text, diff: '', policy, edit: changes };
}
