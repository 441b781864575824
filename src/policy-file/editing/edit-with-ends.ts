import type { EntryChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { type EditOutcome, editPolicy, type Wished } from './edit.ts';
import { journalledEnds } from '../grants.ts';
import type { JournalRecord } from '../journal/journal-record.ts';

/**
 * The edit on this text, with the journal's records for the file at hand. Where a format has no comments they alone know the ends: a removal there notes the
 * end that the entry had, and an entry that stands there already but ends can be made to stay without a change of the text.
 */
export function editWithEnds(
  { path, dialect, edit }: Wished,
  text: string,
  records: readonly JournalRecord[],
): EditOutcome {
  const outcome = editPolicy(text, path, dialect, edit);
  if (dialect.showsEnds(path) || outcome.type === 'refused') return outcome;
  const endOf = journalledEnds(records, dialect);
  const ended = (change: EntryChange): PolicyEdit => {
    const until = endOf({ list: change.list, text: change.entry });
    return until === null ? [] : [{ type: 'remove', list: change.list, entry: change.entry, until }];
  };
  if (outcome.type === 'edited') {
    return {
      ...outcome,
      edit: outcome.edit.flatMap(change => (change.type === 'add' ? change : (ended(change)[0] ?? change))),
    };
  }
  const lifted = edit.filter(({ type, until }) => type === 'add' && until === undefined);
  const changes = lifted.flatMap(change => ended(change).flatMap(removal => [removal, change]));
  const parsed = dialect.parse(text, path);
  if (changes.length === 0 || parsed.type === 'invalid') return outcome;
  return { type: 'edited', text, diff: '', policy: parsed.policy, edit: changes };
}
