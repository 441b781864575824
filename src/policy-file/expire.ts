import type { EntryChange, EntryEdit } from '../core/policy/dialect.ts';
import { entryChanges } from '../core/policy/edit-parts.ts';
import { backByDiff, backToEarlier } from './editing/earlier-text.ts';
import { type EditOutcome, editWithEnds } from './editing/edit.ts';
import type { Today } from './editing/inverse.ts';
import { expiredGrants, grantsOf } from './grants.ts';
import { changesOf } from './journal/journal-record.ts';

/** The actor of expiries in the journal. Undo skips their records, because an ended grant must not return. */
export const EXPIRY_ACTOR = 'egresstop (expiry)';

/** The text without the grants that have ended. */
export function proposeExpiry(today: Today): EditOutcome {
  const { records, now } = today;
  const ended = expiredGrants(grantsOf(today), now);
  if (ended.length === 0) return { type: 'unchanged', why: 'no grant is over' };
  const edit = ended.map(({ list, entry }) => ({ type: 'remove' as const, list, entry }));
  const granted = records.findLast(record =>
    entryChanges(changesOf(record)).some(change => isGrantOf(change, edit)),
  );
  return (
    (granted && backByDiff(today, edit, granted)) ??
    backToEarlier(today, edit, records) ??
    editWithEnds(today, edit, records)
  );
}

const isGrantOf = ({ type, list, entry, until }: EntryChange, ended: EntryEdit): boolean =>
  type === 'add' && until !== undefined && ended.some(other => other.list === list && other.entry === entry);
