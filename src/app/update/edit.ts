import type { Dialect, Entry, PolicyEdit } from '../../core/dialect.ts';
import type { Traffic } from '../../core/traffic.ts';
import { MISSING } from '../../core/traffic-row.ts';
import { cursorIndex } from '../select/body.ts';
import type { View } from '../select.ts';
import type { EditChoice, State } from '../state.ts';
import { EMPTY_INPUT } from '../text-input.ts';
import type { Step } from '../update.ts';

/** Whom an edit asks: the dialect of the open policy, and the traffic seen. */
export interface Rulings {
  readonly dialect: Dialect | null;
  readonly traffic: Traffic;
}

type Asked = Rulings & { readonly view: View };

/** The hosts a key press means: the marked ones, else the page's host, else the row under the cursor. */
export function targets(state: State, { view }: Asked): readonly string[] {
  const page = state.pages.find(found => found.type === 'host') ?? state.pages.at(-1);
  if (page?.type === 'host') return [page.host];
  if (page?.type === 'event') return page.event.host === null ? [] : [page.event.host];
  if (state.marked.size > 0) return [...state.marked];
  const key = view.order[cursorIndex(state, view.order)];
  if (key === undefined) return [];
  if (state.screen === 'hosts' || state.screen === 'denied') return key === MISSING ? [] : [key];
  return [];
}

/** What stands in the way of an edit; null when nothing does. */
function hindrance(state: State): string | null {
  if (!state.policy) return 'no policy file is open: start with --policy FILE';
  if (state.options.isReadonly) return 'read-only: started with --readonly';
  return state.policy.isRejected
    ? 'the policy file does not parse: mend it first (e opens it), it is never edited while broken'
    : null;
}

const noticed = (state: State, text: string): Step => [{ ...state, notice: { text, tone: 'warn' } }, []];

/** Opens the dialog on the first choice and orders its plan. */
export function askEdit(state: State, title: string, choices: readonly EditChoice[]): Step {
  const [first] = choices;
  if (!first) return noticed(state, 'nothing to change');
  const dialog = {
    type: 'edit' as const,
    title,
    choices,
    chosen: 0,
    planning: { type: 'planning' as const },
    isConflict: false,
    top: 0,
  };
  return [{ ...state, dialog }, [{ type: 'plan-edit', edit: first.edit }]];
}

type Press = (state: State, asked: Asked, hosts: readonly string[], dialect: Dialect) => Step;

/** Runs a press where there is a policy to edit and a host that it means. */
function pressed(state: State, asked: Asked, press: Press): Step {
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
  const allowed = stranded.map(host => ({ type: 'add' as const, list: 'allow' as const, entry: host }));
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
  return askEdit(state, `Move ${entry.text} from ${entry.list} to ${to}`, [
    {
      label: `to ${to}`,
      edit: [
        { type: 'remove', list: entry.list, entry: entry.text },
        { type: 'add', list: to, entry: entry.text },
      ],
    },
  ]);
}

/** `x`: one choice for each entry that names the host; on Denied, where none does, the row is put aside. */
export function removePressed(state: State, asked: Asked): Step {
  if (state.screen === 'policy' && state.pages.length === 0) return removedEntry(state, asked);
  if (state.screen === 'denied' && state.pages.length === 0) return dismissed(state, asked);
  return pressed(state, asked, (_, __, hosts, dialect) => {
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
      : [asked.view.order[cursorIndex(state, asked.view.order)]].filter(host => host !== undefined);
  const next = new Map(state.dismissed);
  for (const host of hosts) next.set(host, asked.traffic.hosts.get(host)?.counts.deny ?? 0);
  const notice = {
    text: `${named(hosts)} put aside until denied again; the policy is unchanged`,
    tone: 'plain' as const,
  };
  return [{ ...state, dismissed: next, marked: new Set(), notice }, []];
}

function entryUnderCursor(state: State, { view }: Asked): Entry | null {
  const key = view.order[cursorIndex(state, view.order)];
  return state.policy?.policy?.entries.find(entry => `${entry.list} ${entry.text}` === key) ?? null;
}

const entriesNaming = (state: State, dialect: Dialect, host: string): readonly Entry[] =>
  (state.policy?.policy?.entries ?? []).filter(entry => dialect.covers(entry.text, host));

const unique = (entries: readonly Entry[]): readonly Entry[] => [
  ...new Map(entries.map(entry => [`${entry.list} ${entry.text}`, entry])).values(),
];

const named = (hosts: readonly string[]): string =>
  hosts.length === 1 ? (hosts[0] ?? '') : `${hosts.length} hosts`;
