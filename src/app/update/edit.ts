import type { Dialect, Entry, PolicyEdit } from '../../core/dialect.ts';
import type { Traffic } from '../../core/traffic.ts';
import { MISSING } from '../../core/traffic-row.ts';
import { editedPolicy } from '../drafted-policy.ts';
import type { Effect } from '../message.ts';
import { cursorIndex } from '../select/body.ts';
import type { View } from '../select.ts';
import type { State } from '../state.ts';
import type { EditChoice } from '../state/dialog.ts';
import type { Page } from '../state/page.ts';
import { EMPTY_INPUT } from '../text-input.ts';
import type { Step } from '../update.ts';

/** Whom an edit asks: the dialect of the open policy, and the traffic seen. */
export interface Rulings {
  readonly dialect: Dialect | null;
  readonly traffic: Traffic;
}

export type Asked = Rulings & { readonly view: View };

/** The host a page is about; null for one that is about none. */
function hostOf(page: Page): string | null {
  if (page.type === 'host') return page.host;
  return page.type === 'event' ? page.event.host : null;
}

/** The hosts a key press means: that of the topmost page that names one, else the marked ones, else the row under the cursor. */
export function targets(state: State, { view }: Asked): readonly string[] {
  const host = state.pages.map(hostOf).findLast(found => found !== null) ?? null;
  if (host !== null) return host === MISSING ? [] : [host];
  if (state.pages.at(-1)?.type === 'event') return [];
  if (state.marked.size > 0) return [...state.marked];
  const key = view.order[cursorIndex(state, view.order)];
  if (key === undefined) return [];
  if (state.screen === 'hosts' || state.screen === 'denied') return key === MISSING ? [] : [key];
  return [];
}

/** What stands in the way of an edit; null when nothing does. */
export function hindrance(state: State): string | null {
  if (!state.policy) return 'no policy file is open: start with --policy FILE';
  // a draft writes nothing
  if (state.options.isReadonly && !state.draft) return 'read-only: started with --readonly';
  return state.policy.isRejected
    ? 'the policy file cannot be used as it is (6 says why): it is never edited while broken'
    : null;
}

export const noticed = (state: State, text: string): Step => [
  { ...state, notice: { text, tone: 'warn' } },
  [],
];

/** Opens the dialog on the first choice and orders its plan. */
export function askEdit(
  state: State,
  title: string,
  choices: readonly EditChoice[],
  into: 'file' | 'draft' = state.draft ? 'draft' : 'file',
): Step {
  const [first] = choices;
  if (!first) return noticed(state, 'nothing to change');
  const dialog = {
    type: 'edit' as const,
    title,
    into,
    choices,
    chosen: 0,
    planning: { type: 'planning' as const },
    isConflict: false,
    top: 0,
  };
  return [{ ...state, dialog }, [planOrder(state, into, first)]];
}

/** The order to plan an edit on what it would change: the file, or the draft as it stands. */
export const planOrder = (
  { draft }: State,
  into: 'file' | 'draft',
  { edit, undoes }: EditChoice,
): Effect => ({
  type: 'plan-edit',
  edit,
  ...(undoes ? { undoes } : {}),
  ...(into === 'draft' && draft ? { onto: draft.edits } : {}),
});

type Press = (state: State, asked: Asked, hosts: readonly string[], dialect: Dialect) => Step;

/** Runs a press where there is a policy to edit and a host that it means. */
export function pressed(state: State, asked: Asked, press: Press): Step {
  const hindered = hindrance(state);
  if (hindered !== null || !asked.dialect) return noticed(state, hindered ?? 'this policy cannot be edited');
  const hosts = targets(state, asked);
  return hosts.length === 0
    ? noticed(state, 'choose a host first (Hosts, Denied, or a host’s page)')
    : press(state, asked, hosts, asked.dialect);
}

/** `a`: the forms of one host, or all marked hosts as they are. On the Policy screen it asks for a new entry. */
export function allowPressed(state: State, asked: Asked): Step {
  if (state.screen === 'policy' && state.pages.length === 0) {
    const hindered = hindrance(state);
    return hindered === null
      ? [{ ...state, prompt: { type: 'entry', input: EMPTY_INPUT } }, []]
      : noticed(state, hindered);
  }
  return pressed(state, asked, (_, __, hosts, dialect) =>
    askEdit(state, `Allow ${named(hosts)}`, formChoices(dialect, hosts, undefined)),
  );
}

/** `t`: first how long, then as `a`. */
export function grantPressed(state: State, asked: Asked): Step {
  return pressed(state, asked, (_, __, hosts) => [
    { ...state, dialog: { type: 'grant', hosts, chosen: 0, input: null, error: null } },
    [],
  ]);
}

/** One edit a form; for several hosts, each as it is or each with everything below. */
export function formChoices(
  dialect: Dialect,
  hosts: readonly string[],
  until: number | undefined,
): readonly EditChoice[] {
  const add = (entry: string) => ({
    type: 'add' as const,
    list: 'allow' as const,
    entry,
    ...(until === undefined ? {} : { until }),
  });
  const [only, ...others] = hosts;
  if (only !== undefined && others.length === 0)
    return dialect
      .forms(only)
      .map(({ entry, label }) => ({ label: `${entry}  (${label})`, edit: [add(entry)] }));
  const widest = [...new Set(hosts.map(host => dialect.forms(host).at(-1)?.entry ?? host))];
  return [
    { label: `these ${hosts.length} hosts alone`, edit: hosts.map(add) },
    { label: `everything under their domains: ${widest.join(', ')}`, edit: widest.map(add) },
  ];
}

/** `p`: adds to passthrough and leaves allow alone; or takes out, asking first where nothing else permits the host. */
export function passthroughPressed(state: State, asked: Asked): Step {
  if (state.screen === 'policy' && state.pages.length === 0) return movedEntry(state, asked);
  return pressed(state, asked, (_, __, hosts, dialect) => {
    if (!dialect.lists.includes('passthrough')) return noticed(state, `${dialect.name} has no passthrough`);
    const naming = hosts.flatMap(host =>
      entriesNaming(state, dialect, host).filter(entry => entry.list === 'passthrough'),
    );
    if (naming.length === 0)
      return askEdit(state, `Pass ${named(hosts)} through unopened`, passthroughForms(dialect, hosts));
    return passthroughOff(state, dialect, hosts, naming);
  });
}

function passthroughForms(dialect: Dialect, hosts: readonly string[]): readonly EditChoice[] {
  return formChoices(dialect, hosts, undefined).map(choice => ({
    ...choice,
    edit: choice.edit.map(change => ({ ...change, list: 'passthrough' as const })),
  }));
}

function passthroughOff(
  state: State,
  dialect: Dialect,
  hosts: readonly string[],
  naming: readonly Entry[],
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
function movedEntry(state: State, asked: Asked): Step {
  const hindered = hindrance(state);
  const entry = entryUnderCursor(state, asked);
  if (hindered !== null || !entry) return noticed(state, hindered ?? 'no entry under the cursor');
  const to = entry.list === 'allow' ? ('passthrough' as const) : ('allow' as const);
  if (entry.list === 'deny' || !asked.dialect?.lists.includes(to))
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

/** What takes the place of grants alone ends with the last of them. */
function endOf(entries: readonly Entry[]): { readonly until?: number } {
  const ends = entries.map(entry => entry.until).filter(until => until !== null);
  return ends.length > 0 && ends.length === entries.length ? { until: Math.max(...ends) } : {};
}

export function entryUnderCursor(state: State, { view }: Asked): Entry | null {
  const key = view.order[cursorIndex(state, view.order)];
  return editedPolicy(state)?.entries.find(entry => `${entry.list} ${entry.text}` === key) ?? null;
}

export const entriesNaming = (state: State, dialect: Dialect, host: string): readonly Entry[] =>
  (editedPolicy(state)?.entries ?? []).filter(entry => dialect.covers(entry.text, host));

export const unique = (entries: readonly Entry[]): readonly Entry[] => [
  ...new Map(entries.map(entry => [`${entry.list} ${entry.text}`, entry])).values(),
];

export const named = (hosts: readonly string[]): string =>
  hosts.length === 1 ? (hosts[0] ?? '') : `${hosts.length} hosts`;
