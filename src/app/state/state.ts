import type { Standings } from '../../core/fleet/standings.ts';
import type { EgressEvent } from '../../core/event.ts';
import type { KnownHosts } from '../../core/known/known-hosts.ts';
import type { PartialLog } from '../../core/completeness.ts';
import type { JudgeOptions } from '../../core/policy/dialect.ts';
import { type Asks, NO_ASKS } from './asks.ts';
import type { ColumnChoices } from './columns.ts';
import type { KeyChoice } from './key-choice.ts';
import type { SavedView } from './views.ts';
import type { EditProof } from './edit-proofs.ts';
import type { Enforcement } from './enforcement.ts';
import { type Dialog, NO_DIALOG } from './dialog.ts';
import type { Discovered } from './discovered.ts';
import type { Draft } from './draft.ts';
import type { FleetView } from './fleet-view.ts';
import type { FreshDenial } from './fresh-denials.ts';
import type { JournalLine } from './journal.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import type { MediatorState } from './outside.ts';
import type { Page } from './page.ts';
import type { PolicyState } from './policy-state.ts';
import { type Prompt, type Filter, NO_FILTER } from './prompt.ts';
import { FOLLOWING, type ShownWindow, type TimeSpan } from './time-span.ts';
import type { ListState, ScreenName, SortKey } from './screen.ts';

/** Where Enter on a tool, an agent or an entry was pressed, and the filter it set. */
export interface Crumb {
  readonly screen: ScreenName;
  readonly filter: Filter;
  readonly narrowed: Filter;
  /** The pages that stood above the list; absent where none did. */
  readonly pages?: readonly Page[];
}

/** The text in the footer until the next key. */
export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'accent' | 'allow' | 'warn' | 'deny';
  /** It tells of a write, until more is known of that. */
  readonly isOfWrite?: true;
}

/** The settings of the command line, made once. */
export interface Options {
  readonly isReadonly: boolean;
  readonly showQueries: boolean;
  /** How the open policy is judged. */
  readonly judging: JudgeOptions;
  /** How the action behind a record that rules on nothing ended, as its system tells it; null where nothing is known. */
  readonly outcomeOf: (event: EgressEvent) => string | null;
  /** The hosts that agents are known to ask for; without it none is new. */
  readonly known?: KnownHosts;
  /** The step after each write, by which the policy's reader takes it up. Absent where there is none. */
  readonly takesUpBy?: string;
  /** The text that stands in the place of a policy where none is open. */
  readonly noPolicy: string;
  /** The text of the screen until the first line was read. */
  readonly emptyHelp: readonly string[];
  /** Absent where nothing is. */
  readonly discovered?: Discovered;
}

/** Everything the screen is made from, besides the traffic. Immutable: only `update` makes a new one. */
export interface State {
  readonly screen: ScreenName;
  readonly lists: Readonly<Record<ScreenName, ListState>>;
  readonly pages: readonly Page[];
  /** Where Enter on a tool or an agent came from. */
  readonly trail: readonly Crumb[];
  readonly filter: Filter;
  /** The filter that Esc cleared last, whose matches can still be found among the other records of Stream. */
  readonly cleared: Filter;
  readonly prompt: Prompt;
  readonly dialog: Dialog;
  readonly marked: ReadonlySet<string>;
  /** Denied hosts put aside: with the denials counted then, to come back with the next one; or muted, to stay away. */
  readonly dismissed: ReadonlyMap<string, number | 'muted'>;
  /** Whether Denied shows those too. */
  readonly showsDismissed: boolean;
  /** Whether the Stream shows equal retries as one row. */
  readonly collapsesRetries: boolean;
  /** Suggestions that the operator ticked or unticked, by key. */
  readonly ticks: ReadonlyMap<string, boolean>;
  /** Hosts that were denied for the first time meanwhile, oldest first. */
  readonly fresh: readonly FreshDenial[];
  readonly isFrozen: boolean;
  readonly notice: Notice | null;
  /** The outcome of a grant that is over: on a line of its own until the next key. */
  readonly ended: string | null;
  readonly policy: PolicyState | null;
  /** Null while edits are written one by one. */
  readonly draft: Draft | null;
  /** The questions to the operator. */
  readonly asks: Asks;
  readonly enforcement: Enforcement;
  /** The last edits and what was observed of each, newest first. */
  readonly proofs: readonly EditProof[];
  readonly mediators: readonly MediatorState[];
  /** Newest first. */
  readonly journal: readonly JournalLine[];
  readonly sources: readonly SourceStatus[];
  /** Those among them that do not hold every ruling. */
  readonly partialLogs: readonly PartialLog[];
  /** The fleet that is watched; null where none is. */
  readonly fleet: FleetView | null;
  /** How the machines of the fleet's policy that is open stand to it; null where no such policy is. */
  readonly standings: Standings | null;
  readonly columns: number;
  readonly rows: number;
  readonly isMouseOn: boolean;
  /** Whether the lines for a first start stand above the lists. */
  readonly isFirstStart: boolean;
  /** Which columns the lists show, where the operator chose. */
  readonly columnChoices: ColumnChoices;
  readonly views: readonly SavedView[];
  /** The keys that the operator gave to actions. */
  readonly keys: KeyChoice;
  /** Which panes stand beside and below a list, where there is room for them. */
  readonly panes: { readonly side: boolean; readonly below: boolean };
  /** Which time the chart shows. */
  readonly timeSpan: TimeSpan;
  /** The time of which alone everything is shown; null for all of it. */
  readonly window: ShownWindow | null;
  readonly options: Options;
  /** Unix ms, as of the last tick or key. */
  readonly now: number;
}

const list = (sort: SortKey): ListState => ({ key: null, index: 0, top: 0, sort, isReversed: false });

/** The state before anything happened. */
export function initialState(
  options: Options,
  policy: PolicyState | null,
  { columns, rows, now }: Pick<State, 'columns' | 'rows' | 'now'>,
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
      suggest: list('list'),
      machines: list('total'),
    },
    pages: [],
    trail: [],
    filter: NO_FILTER,
    cleared: NO_FILTER,
    prompt: { type: 'none' },
    dialog: NO_DIALOG,
    marked: new Set(),
    dismissed: new Map(),
    showsDismissed: false,
    collapsesRetries: true,
    ticks: new Map(),
    fresh: [],
    isFrozen: false,
    notice: null,
    ended: null,
    policy,
    draft: null,
    asks: NO_ASKS,
    enforcement: { type: 'none' },
    proofs: [],
    mediators: [],
    journal: [],
    sources: [],
    partialLogs: [],
    fleet: null,
    standings: null,
    columns,
    rows,
    isMouseOn: false,
    isFirstStart: false,
    columnChoices: {},
    views: [],
    keys: {},
    panes: { side: true, below: true },
    timeSpan: FOLLOWING,
    window: null,
    options,
    now,
  };
}

/** The smallest terminal in which the screen is drawn. */
export const LEAST = { columns: 80, rows: 24 } as const;

/** Whether the terminal has no room for the screen. Nothing is shown then, and no key may rule on what nobody sees. */
export const isTooSmall = ({ columns, rows }: Pick<State, 'columns' | 'rows'>): boolean =>
  columns < LEAST.columns || rows < LEAST.rows;
