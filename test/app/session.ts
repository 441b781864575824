import { loadCalendar } from '../../src/app/select/text/calendar.ts';
import { messageOf } from '../../src/app/keys/keymap.ts';
import type { Effect, Message } from '../../src/app/message.ts';
import type { View } from '../../src/app/select/select.ts';
import { initialState, type Options, type State } from '../../src/app/state/state.ts';
import type { PlannedEdit } from '../../src/app/state/dialog.ts';
import { unreadPolicy } from '../../src/app/state/policy-state.ts';
import { Store } from '../../src/app/store.ts';
import type { Dialect, PolicyEdit } from '../../src/core/policy/dialect.ts';
import type { Traffic } from '../../src/core/traffic/traffic.ts';
import { domainNames } from '../../src/systems/policy-text/domain-names.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { NOW, trafficOf } from './traffic-of.ts';

await loadCalendar(); // as the dashboard does with a policy

export const POLICY = `allow:
  - docs.rs
  - .pypi.org
  - granted.example # egresstop: until 2026-11-20T18:00:00Z
passthrough:
  - pinned.example
  - docs.rs
`;

export const OPTIONS: Options = {
  isReadonly: false,
  showQueries: false,
  judging: { mode: 'strict' },
  outcomeOf: () => null,
  emptyHelp: ['help'],
  noPolicy: 'No policy file is open: start with --policy FILE.',
};

export interface SessionOptions {
  readonly traffic?: Traffic;
  readonly options?: Partial<Options>;
  /** Null for none. */
  readonly policy?: string | null;
  /** Microagent's, where none is named. */
  readonly dialect?: Dialect;
  readonly columns?: number;
  readonly rows?: number;
}

/** The program without a screen, as a finger and an eye know it: keys go in, rows and effects come out; time stands still. */
export interface Session {
  readonly store: Store;
  readonly effects: Effect[];
  /** Hosts of which the operator was told that they are newly denied. */
  readonly news: readonly string[];
  readonly state: () => State;
  readonly view: () => View;
  /** The rows of the screen, without trailing blanks. */
  readonly rows: () => readonly string[];
  readonly press: (...keys: readonly string[]) => void;
  readonly type: (text: string) => void;
  readonly tell: (message: Message) => void;
  /** Runs what was put off, once. */
  readonly flush: () => void;
  /** The delays that were put off, ms. */
  readonly delays: () => readonly number[];
  /** The file says something else now. */
  readonly load: (text: string, revision: string) => void;
  /** Answers the question about the chosen edit. */
  readonly plan: (plan?: Partial<PlannedEdit>) => void;
  readonly wait: (ms: number) => void;
  /** The store, every look at whose clock takes so long from now on. */
  readonly slow: (ms: number) => Store;
}

export const PLAN: PlannedEdit = {
  fate: 'changed',
  diff: '--- a\n+++ b\n@@ -1 +1 @@\n+  - new.example\n',
  revision: 'sha256:1',
  warnings: [],
  remark: null,
  preview: {
    covered: [],
    near: [],
    denialsLetThrough: 0,
    denialsOfOthers: 0,
    agents: [],
    tools: [],
    allowsRefused: 0,
    unknownHosts: 0,
  },
};

export function openSession(given: SessionOptions = {}): Session {
  const { columns = 100, rows = 30, policy = POLICY, dialect = microagentDialect } = given;
  const path = dialect.format('/etc/policy.yaml') === null ? '/etc/policy.json' : '/etc/policy.yaml';
  let [now, lookMs] = [NOW, 0];
  const effects: Effect[] = [];
  const news: string[] = [];
  const waiting: { readonly work: () => void; readonly delayMs: number }[] = [];
  const options = { ...OPTIONS, ...given.options };
  const unread = policy === null ? null : unreadPolicy(path, dialect.name);
  const store = new Store({
    state: initialState(options, unread, { columns, rows, now: NOW }),
    traffic: given.traffic ?? trafficOf([]),
    dialect,
    names: domainNames,
    onNewDenial: host => news.push(host),
    now: () => (now += lookMs),
    schedule: (work, delayMs) => {
      const item = { work, delayMs };
      waiting.push(item);
      return () => void waiting.splice(waiting.indexOf(item), 1);
    },
    runEffect: effect => effects.push(effect),
  });
  const press = (key: string, text: string): void => {
    const message = messageOf(store.state, key, text);
    if (message) store.dispatch(message);
  };
  const load = (text: string, revision: string): void => {
    const parsed = dialect.parse(text, path);
    if (parsed.type === 'invalid') throw new Error('the policy of a test must parse');
    store.dispatch({
      type: 'policy-loaded',
      policy: {
        ...unreadPolicy(path, dialect.name),
        policy: parsed.policy,
        revision,
        loadedAt: NOW,
        problems: parsed.problems,
      },
    });
  };
  if (policy !== null) load(policy, 'sha256:0');
  return {
    store,
    effects,
    news,
    state: () => store.state,
    view: () => store.view(),
    rows: () =>
      store.view().frame.map(line =>
        line
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      ),
    press: (...keys) => {
      for (const key of keys) press(key, key.length === 1 ? key : '');
    },
    type: text => {
      for (const character of text) press(character === ' ' ? 'space' : character, character);
    },
    tell: message => store.dispatch(message),
    flush: () => {
      for (const { work } of waiting.splice(0)) work();
    },
    delays: () => waiting.map(({ delayMs }) => delayMs),
    load,
    plan: plan =>
      store.dispatch({ type: 'edit-planned', edit: chosenEdit(store.state), plan: { ...PLAN, ...plan } }),
    wait: ms => {
      now += ms;
    },
    slow: ms => {
      lookMs = ms;
      return store;
    },
  };
}

/** The edit that the open dialog asks about. */
export function chosenEdit({ dialog }: State): PolicyEdit {
  const edit = dialog.type === 'edit' ? dialog.choices[dialog.chosen]?.edit : undefined;
  if (!edit) throw new Error(`no edit is asked about: ${dialog.type}`);
  return edit;
}
