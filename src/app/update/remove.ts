import { entryPlace } from '../../core/policy/flag-entries.ts';
import type { Entry } from '../../core/policy/dialect.ts';
import { cursorIndex } from '../lists/order.ts';
import { dismissed } from './aside.ts';
import { ruleTakenBack } from './asks.ts';
import type { State } from '../state/state.ts';
import type { EditChoice } from '../state/dialog.ts';
import type { Context, Step } from './step.ts';
import {
  askEdit,
  entriesNaming,
  entryUnderCursor,
  hindrance,
  named,
  noticed,
  pressed,
  unique,
} from './edit.ts';

/** `x`: asks which entry that names the host to remove. On Denied, if no entry names it, it dismisses the row. */
export function removePressed(state: State, context: Context): Step {
  if (state.screen === 'policy' && state.pages.length === 0) return removedEntry(state, context);
  if (state.screen === 'denied' && state.pages.length === 0) return dismissed(state, context);
  return pressed(state, context, (hosts, dialect) => {
    const naming = unique(hosts.flatMap(host => entriesNaming(state, dialect, host)));
    if (naming.length === 0) return noticed(state, `no entry names ${named(hosts)}`);
    const each = naming.map(removal);
    const all: EditChoice[] =
      naming.length > 1 ? [{ label: 'all of these', edit: each.flatMap(choice => choice.edit) }] : [];
    return askEdit(state, `Remove what names ${named(hosts)}`, [...each, ...all]);
  });
}

const removal = (entry: Entry): EditChoice => ({
  label: `${entry.text}  (${entry.list}, ${entryPlace(entry)})`,
  edit: [{ type: 'remove', list: entry.list, entry: entry.text }],
});

function removedEntry(state: State, context: Context): Step {
  const inMemory = ruleTakenBack(state, context.view.order.at(cursorIndex(state, context.view.order)));
  if (inMemory) return inMemory;
  const hindered = hindrance(state);
  const entry = entryUnderCursor(state, context);
  if (hindered !== null || !entry) return noticed(state, hindered ?? 'no entry under the cursor');
  return askEdit(state, `Remove ${entry.text} from ${entry.list}`, [removal(entry)]);
}
