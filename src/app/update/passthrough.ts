import type { Dialect, Entry, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import type { State } from '../state/state.ts';
import type { EditChoice } from '../state/dialog.ts';
import type { Context, Step } from './step.ts';
import {
  askEdit,
  entriesNaming,
  entryUnderCursor,
  formChoices,
  hindrance,
  named,
  noticed,
  pressed,
  unique,
} from './edit.ts';

/** `p`: adds the host to passthrough without changing allow, or removes it. If nothing else permits the host, it asks first. */
export function passthroughPressed(state: State, context: Context): Step {
  if (state.screen === 'policy' && state.pages.length === 0) return movedEntry(state, context);
  return pressed(state, context, (hosts, dialect) => {
    if (!dialect.lists.includes('passthrough')) return noticed(state, `${dialect.name} has no passthrough`);
    const naming = hosts.flatMap(host =>
      entriesNaming(state, dialect, host).filter(entry => entry.list === 'passthrough'),
    );
    if (naming.length === 0)
      return askEdit(state, `Pass ${named(hosts)} through unopened`, passthroughForms(dialect, hosts));
    return passthroughOff(state, dialect, { hosts, naming });
  });
}

function passthroughForms(dialect: Dialect, hosts: readonly string[]): readonly EditChoice[] {
  return formChoices(dialect, hosts, undefined).map(choice => ({
    ...choice,
    edit: entryChanges(choice.edit).map(change => ({ ...change, list: 'passthrough' as const })),
  }));
}

function passthroughOff(
  state: State,
  dialect: Dialect,
  { hosts, naming }: { readonly hosts: readonly string[]; readonly naming: readonly Entry[] },
): Step {
  const removals: PolicyEdit = unique(naming).map(entry => ({
    type: 'remove',
    list: 'passthrough',
    entry: entry.text,
  }));
  const stranded = hosts.filter(
    host => !entriesNaming(state, dialect, host).some(entry => entry.list === 'allow'),
  );
  const names = unique(naming)
    .map(entry => entry.text)
    .join(', ');
  const title = `Take ${names} out of passthrough`;
  if (stranded.length === 0)
    return askEdit(state, title, [
      {
        label: `out of passthrough; allow still names ${named(hosts)}: its TLS will be opened`,
        edit: removals,
      },
    ]);
  const allowed = stranded.map(host => ({
    type: 'add' as const,
    list: 'allow' as const,
    entry: host,
    ...endOf(naming.filter(entry => dialect.covers(entry.text, host))),
  }));
  return askEdit(state, `${title}: nothing else permits ${named(stranded)}`, [
    { label: 'allow it instead: its TLS will be opened', edit: [...removals, ...allowed] },
    { label: 'let it be denied', edit: removals },
  ]);
}

/** `p` on an entry of the Policy screen moves it to the other list. */
function movedEntry(state: State, context: Context): Step {
  const hindered = hindrance(state);
  const entry = entryUnderCursor(state, context);
  if (hindered !== null || !entry) return noticed(state, hindered ?? 'no entry under the cursor');
  const to = entry.list === 'allow' ? ('passthrough' as const) : ('allow' as const);
  if (entry.list === 'deny' || !context.dialect?.lists.includes(to))
    return noticed(state, `there is no other list for ${entry.list} entries`);
  return askEdit(state, `Move ${entry.text} from ${entry.list} to ${to}`, [
    {
      label: `to ${to}`,
      edit: [
        { type: 'remove', list: entry.list, entry: entry.text },
        { type: 'add', list: to, entry: entry.text, ...endOf([entry]) },
      ],
    },
  ]);
}

/** The end of an entry that replaces only grants: the latest of their ends. */
function endOf(entries: readonly Entry[]): { readonly until?: number } {
  const ends = entries.map(entry => entry.until).filter(until => until !== null);
  return ends.length > 0 && ends.length === entries.length ? { until: Math.max(...ends) } : {};
}
