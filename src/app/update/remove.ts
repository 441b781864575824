import type { Entry } from '../../core/policy/dialect.ts';
import { cursorIndex } from '../select/body.ts';
import type { State } from '../state/state.ts';
import type { EditChoice } from '../state/dialog.ts';
import type { Step } from './update.ts';
import {
  askEdit,
  entriesNaming,
  entryUnderCursor,
  hindrance,
  named,
  noticed,
  pressed,
  unique,
  type Asked,
} from './edit.ts';

/** `x`: one choice for each entry that names the host; on Denied, where none does, the row is put aside. */
export function removePressed(state: State, asked: Asked): Step {
  if (state.screen === 'policy' && state.pages.length === 0) return removedEntry(state, asked);
  if (state.screen === 'denied' && state.pages.length === 0) return dismissed(state, asked);
  return pressed(state, asked, (hosts, dialect) => {
    const naming = unique(hosts.flatMap(host => entriesNaming(state, dialect, host)));
    if (naming.length === 0) return noticed(state, `no entry names ${named(hosts)}`);
    const each = naming.map(removal);
    const all: EditChoice[] =
      naming.length > 1 ? [{ label: 'all of these', edit: each.flatMap(choice => choice.edit) }] : [];
    return askEdit(state, `Remove what names ${named(hosts)}`, [...each, ...all]);
  });
}

const removal = (entry: Entry): EditChoice => ({
  label: `${entry.text}  (${entry.list}, line ${entry.line})`,
  edit: [{ type: 'remove', list: entry.list, entry: entry.text }],
});

function removedEntry(state: State, asked: Asked): Step {
  const hindered = hindrance(state);
  const entry = entryUnderCursor(state, asked);
  if (hindered !== null || !entry) return noticed(state, hindered ?? 'no entry under the cursor');
  return askEdit(state, `Remove ${entry.text} from ${entry.list}`, [removal(entry)]);
}

/** Puts denied hosts aside until they are denied again. */
function dismissed(state: State, asked: Asked): Step {
  const hosts =
    state.marked.size > 0
      ? [...state.marked]
      : [asked.view.order.at(cursorIndex(state, asked.view.order))].filter(host => host !== undefined);
  if (hosts.length === 0) return noticed(state, 'no host to put aside');
  const next = new Map(state.dismissed);
  for (const host of hosts) next.set(host, asked.traffic.hosts.get(host)?.counts.deny ?? 0);
  const notice = {
    text: `${named(hosts)} put aside until denied again; the policy is unchanged`,
    tone: 'plain' as const,
  };
  return [{ ...state, dismissed: next, marked: new Set(), notice }, []];
}
