import { keyed } from '../keys/key-bindings.ts';
import type { Dialect, Entry } from '../../core/policy/dialect.ts';
import { MISSING } from '../../core/traffic/traffic-row.ts';
import { editedPolicy } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import { troubleWords } from '../state/policy-trouble.ts';
import type { Effect } from '../message.ts';
import { cursorIndex } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { EditChoice } from '../state/dialog.ts';
import { isOnHosts, type Page } from '../state/page.ts';
import { EMPTY_INPUT } from '../keys/text-input.ts';
import type { Context, Step } from './step.ts';

/** The host that a page is about; null for other pages. */
function hostOf(page: Page): string | null {
  if (page.type === 'host') return page.host;
  return page.type === 'event' ? page.event.host : null;
}

/** The hosts that a key press acts on: the one of the topmost page, else the marked ones, else the one at the cursor. */
export function targets(state: State, { view }: Context): readonly string[] {
  if (!isOnHosts(state)) return [];
  const host = state.pages.map(hostOf).findLast(found => found !== null) ?? null;
  if (host !== null) return host === MISSING ? [] : [host];
  if (state.pages.at(-1)?.type === 'event') return [];
  if (state.marked.size > 0) return [...state.marked];
  const key = view.order.at(cursorIndex(state, view.order));
  if (key === undefined) return [];
  if (state.screen === 'hosts' || state.screen === 'denied') return key === MISSING ? [] : [key];
  return [];
}

/** Why nothing can be edited; null if it can. */
export function hindrance(state: State): string | null {
  if (!state.policy) return state.options.noPolicy;
  if (state.policy.readOnly !== undefined) return state.policy.readOnly;
  // a draft writes nothing
  if (state.options.isReadonly && !state.draft) return 'read-only: started with --readonly';
  const hindered = troubleWords(state.policy)?.hindrance ?? null;
  return hindered === null ? null : keyed(state, hindered);
}

/** Changes nothing but shows a notice. */
export const noticed = (state: State, text: string): Step => [
  { ...state, notice: { text, tone: 'warn' } },
  [],
];

/** Opens the dialog with the first choice and orders its preview. */
export const askEdit = (state: State, title: string, choices: readonly EditChoice[]): Step =>
  askEditOf(state, { title, choices, into: state.draft ? 'draft' : 'file' });

/** The same for an edit that only concerns the file, or only the draft. */
export function askEditOf(
  state: State,
  {
    title,
    choices,
    into,
  }: { readonly title: string; readonly choices: readonly EditChoice[]; readonly into: 'file' | 'draft' },
): Step {
  const possible = choices.filter(choice => flagged(state, choice) === null);
  const [first] = possible;
  if (!first) {
    const entry = choices.map(choice => flagged(state, choice)).find(found => found !== null);
    return noticed(state, entry ? notInFile(entry) : 'nothing to change');
  }
  const dialog = {
    type: 'edit' as const,
    title,
    into,
    choices: possible,
    chosen: 0,
    planning: { type: 'planning' as const },
    isConflict: false,
    top: 0,
  };
  return [{ ...state, dialog }, [planOrder(state, into, first)]];
}

/** The entry of the command line that a choice would remove, which is impossible; null without one. */
function flagged(state: State, { edit }: EditChoice): Entry | null {
  const flags = (editedPolicy(state)?.entries ?? []).filter(({ flag }) => flag !== undefined);
  const isRemoved = ({ list, text }: Entry): boolean =>
    edit.some(wish => wish.type === 'remove' && wish.list === list && wish.entry === text);
  return flags.find(isRemoved) ?? null;
}

const notInFile = ({ text, flag }: Entry): string =>
  `${text} stands on the mediator’s command line (${flag}): it ends with the mediator, and no edit reaches it`;

/** The effect that plans an edit of the file, or of the draft. */
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

type Press = (hosts: readonly string[], dialect: Dialect) => Step;

/** Handles a key that edits, if there is a policy and a host to act on. */
export function pressed(state: State, context: Context, press: Press): Step {
  const hindered = hindrance(state);
  if (hindered !== null || !context.dialect)
    return noticed(state, hindered ?? 'this policy cannot be edited');
  const hosts = targets(state, context);
  return hosts.length === 0
    ? noticed(state, 'choose a host first (Hosts, Denied, or a host’s page)')
    : press(hosts, context.dialect);
}

/**
 * `a`: asks which form of the host to allow. Several marked hosts are allowed as they are. On the Policy screen it asks for a new entry.
 */
export function allowPressed(state: State, context: Context): Step {
  if (state.screen === 'policy' && state.pages.length === 0) {
    const hindered = hindrance(state);
    return hindered === null
      ? [{ ...state, prompt: { type: 'entry', input: EMPTY_INPUT } }, []]
      : noticed(state, hindered);
  }
  return pressed(state, context, (hosts, dialect) =>
    askEdit(state, `Allow ${named(hosts)}`, formChoices(dialect, hosts, undefined)),
  );
}

/** `t`: asks for the duration of a grant, then as `a`. */
export function grantPressed(state: State, context: Context): Step {
  return pressed(state, context, hosts => [
    { ...state, dialog: { type: 'grant', hosts, chosen: 0, input: null, error: null } },
    [],
  ]);
}

/** The edits to choose from. For one host, one a form; for several, all as they are or all with the names below. */
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

/** The entry at the cursor of the Policy screen; null without one. */
export function entryUnderCursor(state: State, { view }: Context): Entry | null {
  const key = view.order.at(cursorIndex(state, view.order));
  return editedPolicy(state)?.entries.find(entry => entryKey(entry) === key) ?? null;
}

/** All entries of any list that name the host. */
export const entriesNaming = (state: State, dialect: Dialect, host: string): readonly Entry[] =>
  (editedPolicy(state)?.entries ?? []).filter(entry => dialect.covers(entry.text, host));

/** The entries without duplicates. */
export const unique = (entries: readonly Entry[]): readonly Entry[] => [
  ...new Map(entries.map(entry => [entryKey(entry), entry])).values(),
];

/** One host by its name, several by their number. */
export const named = (hosts: readonly string[]): string =>
  hosts.length === 1 ? (hosts[0] ?? '') : `${hosts.length} hosts`;
