import type { Entry, EntryChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges, shadowChange } from '../../core/policy/edit-parts.ts';
import type { ValidText } from './edit.ts';
import { changeOf } from './entry-difference.ts';
import { journalledEnds } from '../grants.ts';
import type { JournalRecord } from '../journal/journal-record.ts';

/** The file's present state with its journal records: the basis of an undo and an expiry. */
export interface Today extends ValidText {
  /** The records of this file, oldest first. */
  readonly records: readonly JournalRecord[];
  /** Unix ms. */
  readonly now: number;
}

/** The edit that reverts a past one, without changes that are already reverted. Empty when no effect of the past edit is left. */
export function inverseOf({ edit: whole }: { readonly edit: PolicyEdit }, today: Today): PolicyEdit {
  const edit = entryChanges(whole);
  const shadow = shadowChange(whole);
  const { sameEntry } = today.dialect;
  const isSame = (one: EntryChange) => (other: EntryChange) =>
    one.list === other.list && sameEntry(one.entry, other.entry);
  const removals = edit.filter(
    (change, index) => change.type === 'remove' && edit.findIndex(isSame(change)) === index,
  );
  const additions = edit.filter(({ type }) => type === 'add');
  return [
    ...removals.flatMap(removal => restore(removal, additions.some(isSame(removal)), today)),
    ...additions
      .filter(addition => !removals.some(isSame(addition)) && present(addition, today).length > 0)
      .map(takeOut),
    ...(shadow && shadow.isOn === today.policy.isShadow
      ? [{ type: 'shadow' as const, isOn: !shadow.isOn }]
      : []),
  ];
}

const takeOut = ({ list, entry }: EntryChange): EntryChange => ({ type: 'remove', list, entry });

/**
 * Restores a removed entry. `isRenewal`: the past edit only changed the entry's end. The entry must then still exist to get its old end
 * back.
 */
function restore(removal: EntryChange, isRenewal: boolean, today: Today): PolicyEdit {
  const { list, entry } = removal;
  const until = removal.until ?? null;
  const there = present(removal, today);
  const ends = endsToday(today);
  const isOpen = isRenewal
    ? there.length > 0 && there.every(found => ends(found) !== until)
    : there.length === 0;
  const isOver = until !== null && until <= today.now;
  return isOpen && !isOver ? [changeOf('add', { list, text: entry, until })] : [];
}

const present = (
  { list, entry }: Pick<EntryChange, 'list' | 'entry'>,
  { policy, dialect }: Today,
): readonly Entry[] =>
  policy.entries.filter(found => found.list === list && dialect.sameEntry(found.text, entry));

const endsToday = ({ path, dialect, records }: Today): ((entry: Entry) => number | null) =>
  dialect.showsEnds(path) ? ({ until }) => until : journalledEnds(records, dialect);
