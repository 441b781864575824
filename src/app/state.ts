import type { MediationMode, Policy, PolicyEdit, Warning } from '../core/dialect.ts';
import type { EgressEvent } from '../core/event.ts';
import type { FilterTerm } from '../core/filter.ts';
import type { Preview } from '../core/preview.ts';
import type { Problem } from '../core/problem.ts';
import type { Enforcement } from './enforcement.ts';

/** The six screens, in the order of their number keys. */
export const SCREENS = ['hosts', 'denied', 'tools', 'agents', 'stream', 'policy'] as const;
export type ScreenName = (typeof SCREENS)[number];

/** The columns a list can be ordered by. */
export type SortKey =
  'total' | 'deny' | 'error' | 'last' | 'denied' | 'name' | 'bytes' | 'latency' | 'line' | 'list' | 'hits';

/** Where the operator stands in a list: on a row by its key, so that the cursor holds on to a host and not to a row number. */
export interface ListState {
  readonly key: string | null;
  /** Where that row was last seen; where the cursor goes when the row is no more. */
  readonly index: number;
  /** The first row shown. */
  readonly top: number;
  readonly sort: SortKey;
  readonly isReversed: boolean;
}

/** Where the operator stands on a page: on a line, and where that tells of an event on the event, wherever newer ones push it. */
interface PagePlace {
  readonly cursor: number;
  readonly top: number;
  readonly held?: EgressEvent | null;
}

/** A page above the screen: Enter pushes one, Esc pops it. */
export type Page = PagePlace &
  (
    | { readonly type: 'host'; readonly host: string }
    | { readonly type: 'event'; readonly event: EgressEvent }
    | { readonly type: 'help' }
    | { readonly type: 'problems' }
  );

/** A line of text being typed. `cursor` counts UTF-16 units. */
export interface TextInput {
  readonly text: string;
  readonly cursor: number;
}

export type Prompt =
  | { readonly type: 'none' }
  | { readonly type: 'filter'; readonly input: TextInput; readonly before: Filter }
  | { readonly type: 'palette'; readonly input: TextInput; readonly chosen: number }
  | { readonly type: 'entry'; readonly input: TextInput };

/** The query in force, and its terms once it parses. */
export interface Filter {
  readonly text: string;
  readonly terms: readonly FilterTerm[];
  readonly error: string | null;
}

export const NO_FILTER: Filter = { text: '', terms: [], error: null };

/** One of the ways an operator may have meant a key press. */
export interface EditChoice {
  readonly label: string;
  readonly edit: PolicyEdit;
}

/** What writing an edit would do, made from the file as it is on disk. */
export interface PlannedEdit {
  readonly diff: string;
  /** The revision of the file the diff was made from: anything else on disk at Enter is a conflict. */
  readonly revision: string;
  readonly preview: Preview;
  readonly warnings: readonly Warning[];
}

/** Where the preview of the chosen edit stands. */
export type Planning =
  | { readonly type: 'planning' }
  | { readonly type: 'planned'; readonly plan: PlannedEdit }
  | { readonly type: 'writing'; readonly plan: PlannedEdit }
  | { readonly type: 'refused'; readonly why: string };

export type Dialog =
  | { readonly type: 'none' }
  | {
      readonly type: 'edit';
      readonly title: string;
      readonly choices: readonly EditChoice[];
      readonly chosen: number;
      readonly planning: Planning;
      /** Set when the file changed while the operator looked: the diff shown is a new one. */
      readonly isConflict: boolean;
      readonly top: number;
    }
  | {
      readonly type: 'grant';
      readonly hosts: readonly string[];
      readonly chosen: number;
      readonly input: TextInput | null;
      readonly error: string | null;
    }
  | { readonly type: 'sort'; readonly chosen: number };

export const NO_DIALOG: Dialog = { type: 'none' };

/** Where Enter on a tool, an agent or an entry was pressed, and the filter it set. */
export interface Crumb {
  readonly screen: ScreenName;
  readonly filter: Filter;
  readonly narrowed: Filter;
}

/** The policy file as the watcher last told of it. */
export interface PolicyState {
  readonly path: string;
  readonly dialect: string;
  /** The last policy that parsed: it stays in force for judging while the file is broken. */
  readonly policy: Policy | null;
  readonly revision: string | null;
  readonly loadedAt: number | null;
  /** Lint of the last good policy, or what is wrong with the file now. */
  readonly problems: readonly Problem[];
  readonly isRejected: boolean;
}

export interface SourceState {
  readonly source: string;
  readonly state: 'waiting' | 'reading' | 'live' | 'gone' | 'failed' | 'ended';
  readonly why: string | null;
  readonly readBytes: number;
  readonly totalBytes: number;
}

/** A running or sleeping mediator of one of the systems, as its own files tell of it. */
export interface MediatorState {
  readonly system: string;
  readonly name: string;
  readonly summary: string;
  /** What a restart would change; empty when it would change nothing. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The revision of the policy file that it says is in force; null where it says nothing of the kind. */
  readonly revision: string | null;
  readonly mode: string | null;
}

/** One edit from the journal, newest first on the screen. */
export interface JournalLine {
  readonly at: string;
  readonly actor: string;
  readonly what: string;
}

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'allow' | 'warn' | 'deny';
}

/** Everything the screen is made from, besides the traffic. Immutable: only `update` makes a new one. */
export interface State {
  readonly screen: ScreenName;
  readonly lists: Readonly<Record<ScreenName, ListState>>;
  readonly pages: readonly Page[];
  /** Where Enter on a tool or an agent came from. */
  readonly trail: readonly Crumb[];
  readonly filter: Filter;
  readonly prompt: Prompt;
  readonly dialog: Dialog;
  readonly marked: ReadonlySet<string>;
  /** Denied hosts put aside, with the denials counted then: they come back with the next one. */
  readonly dismissed: ReadonlyMap<string, number>;
  readonly isFrozen: boolean;
  readonly notice: Notice | null;
  readonly policy: PolicyState | null;
  readonly enforcement: Enforcement;
  readonly mediators: readonly MediatorState[];
  readonly journal: readonly JournalLine[];
  readonly sources: readonly SourceState[];
  readonly columns: number;
  readonly rows: number;
  readonly isMouseOn: boolean;
  readonly options: Options;
  /** Unix ms, as of the last tick or key. */
  readonly now: number;
}

/** What the command line settled once. */
export interface Options {
  readonly isReadonly: boolean;
  readonly showQueries: boolean;
  readonly mode: MediationMode;
  /** What to show while no line was ever read. */
  readonly emptyHelp: readonly string[];
}

const list = (sort: SortKey): ListState => ({ key: null, index: 0, top: 0, sort, isReversed: false });

/** A policy file that is still to be read. */
export const unreadPolicy = (path: string, dialect: string): PolicyState => ({
  path,
  dialect,
  policy: null,
  revision: null,
  loadedAt: null,
  problems: [],
  isRejected: false,
});

/** The state before anything happened. */
export function initialState(
  options: Options,
  policy: PolicyState | null,
  size: { readonly columns: number; readonly rows: number },
  now: number,
): State {
  return {
    screen: 'hosts',
    lists: {
      hosts: list('total'),
      denied: list('denied'),
      tools: list('total'),
      agents: list('total'),
      stream: list('last'),
      policy: list('line'),
    },
    pages: [],
    trail: [],
    filter: NO_FILTER,
    prompt: { type: 'none' },
    dialog: NO_DIALOG,
    marked: new Set(),
    dismissed: new Map(),
    isFrozen: false,
    notice: null,
    policy,
    enforcement: { type: 'none' },
    mediators: [],
    journal: [],
    sources: [],
    columns: size.columns,
    rows: size.rows,
    isMouseOn: false,
    options,
    now,
  };
}
