import { keyFor } from '../keys/key-bindings.ts';
import type { PolicyEdit } from '../../core/policy/dialect.ts';
import type { State } from '../state/state.ts';
import { recordOf, type JournalLine } from '../state/journal.ts';
import type { Context, Step } from './step.ts';
import { askEdit, hindrance, noticed } from './edit.ts';

/** `u` on the journal: opens the preview of undoing the edit at the cursor. Null on other pages. */
export function journalUndo(state: State, { view }: Context): Step | null {
  const page = state.pages.at(-1);
  if (page?.type !== 'journal' && page?.type !== 'journal-record') return null;
  const name = page.type === 'journal' ? view.page[view.pageCursor]?.journal?.name : page.name;
  const record = name && recordOf(state.journal, name);
  if (!record) return noticed(state, 'choose an edit first');
  if (state.draft)
    return noticed(
      state,
      `a draft is open: save it (${keyFor(state, 'save-draft')}) or drop it (${keyFor(state, 'draft')}) first`,
    );
  const hindered = hindrance(state) ?? HINDERED[record.standing];
  if (hindered !== null) return noticed(state, hindered);
  const choice = { label: `back to before: ${record.what}`, edit: inverse(record.edit), undoes: record.name };
  return askEdit(state, `Undo the edit of ${record.at.slice(0, 19).replace('T', ' ')} by ${record.actor}`, [
    choice,
  ]);
}

/** `u` on other screens: opens the preview of undoing the newest edit that still has an effect. */
export function newestUndone(state: State): Step {
  const hindered = hindrance(state);
  if (hindered !== null) return noticed(state, hindered);
  return askEdit(state, 'Undo the newest edit', [
    { label: 'back to before the newest edit that still has an effect', edit: [], undoes: 'newest' },
  ]);
}

const HINDERED: Readonly<Record<JournalLine['standing'], string | null>> = {
  stands: null,
  undone: 'already undone by a later record',
  undo: 'this was itself an undo: make the edit again instead',
  expiry: 'the grant was over: allow the host again instead',
};

/** The inverse edit. Changes without an effect are dropped later. */
const inverse = (edit: PolicyEdit): PolicyEdit =>
  edit
    .toReversed()
    .map(change =>
      change.type === 'shadow'
        ? { type: 'shadow', isOn: !change.isOn }
        : { type: change.type === 'add' ? 'remove' : 'add', list: change.list, entry: change.entry },
    );
