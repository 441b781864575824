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

/** The place where Enter narrowed a list, and the filter that it set. */
export interface Crumb {
  readonly screen: ScreenName;
  readonly filter: Filter;
  readonly narrowed: Filter;
  /** The pages above that list; absent without any. */
  readonly pages?: readonly Page[];
}

/** The notice in the footer, until the next key. */
export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'accent' | 'allow' | 'warn' | 'deny';
  /** Whether the notice concerns a write. It disappears when more is known of the write. */
  readonly isOfWrite?: true;
}

/** The settings of the command line. They never change. */
export interface Options {
  readonly isReadonly: boolean;
  readonly showQueries: boolean;
  /** The options for judging by the open policy. */
  readonly judging: JudgeOptions;
  /** The outcome of the action behind a record without a verdict, as its system recorded it; null if unknown. */
  readonly outcomeOf: (event: EgressEvent) => string | null;
  /** The hosts that agents are known to use; absent: no host counts as new. */
  readonly known?: KnownHosts;
  /** The step after each write that makes the policy's reader load it; absent without one. */
  readonly takesUpBy?: string;
  /** The text instead of a policy if none is open. */
  readonly noPolicy: string;
  /** The text of the lists until the first line is read. */
  readonly emptyHelp: readonly string[];
  /** Absent if nothing was found. */
  readonly discovered?: Discovered;
}

/** The complete state of the screen apart from the traffic. Immutable: only `update` makes a new one. */
export interface State {
  readonly screen: ScreenName;
  readonly lists: Readonly<Record<ScreenName, ListState>>;
  readonly pages: readonly Page[];
  /** The places to which Esc goes back after Enter on a tool, an agent or an entry. */
  readonly trail: readonly Crumb[];
  readonly filter: Filter;
  /** The filter that Esc cleared last, whose matches can still be found among the other records of Stream. */
  readonly cleared: Filter;
  readonly prompt: Prompt;
  readonly dialog: Dialog;
  readonly marked: ReadonlySet<string>;
  /** Dismissed hosts with their number of denials at that time: they come back with the next denial. Or `muted`: they stay away. */
  readonly dismissed: ReadonlyMap<string, number | 'muted'>;
  /** Whether Denied shows dismissed hosts too. */
  readonly showsDismissed: boolean;
  /** Whether the Stream collapses equal retries into one row. */
  readonly collapsesRetries: boolean;
  /** The suggestions that the operator ticked or unticked, by key. */
  readonly ticks: ReadonlyMap<string, boolean>;
  /** Hosts that were denied for the first time while the operator watches, oldest first. */
  readonly fresh: readonly FreshDenial[];
  readonly isFrozen: boolean;
  readonly notice: Notice | null;
  /** The outcome of an ended grant. It has its own line until the next key. */
  readonly ended: string | null;
  readonly policy: PolicyState | null;
  /** The open draft; null without one. */
  readonly draft: Draft | null;
  /** The questions to the operator. */
  readonly asks: Asks;
  readonly enforcement: Enforcement;
  /** The last edits with their proofs, newest first. */
  readonly proofs: readonly EditProof[];
  readonly mediators: readonly MediatorState[];
  /** Newest first. */
  readonly journal: readonly JournalLine[];
  readonly sources: readonly SourceStatus[];
  /** The logs that do not hold every ruling. */
  readonly partialLogs: readonly PartialLog[];
  /** The fleet; null without one. */
  readonly fleet: FleetView | null;
  /** The states of the fleet's machines relative to the open policy; null if that is no policy of a fleet. */
  readonly standings: Standings | null;
  readonly columns: number;
  readonly rows: number;
  readonly isMouseOn: boolean;
  /** Whether the introduction of a first start is shown. */
  readonly isFirstStart: boolean;
  /** The columns that the operator chose for lists. */
  readonly columnChoices: ColumnChoices;
  readonly views: readonly SavedView[];
  /** The keys that the operator assigned to actions. */
  readonly keys: KeyChoice;
  /** Which panes are shown, if there is room for them. */
  readonly panes: { readonly side: boolean; readonly below: boolean };
  /** The stretch of time in the chart. */
  readonly timeSpan: TimeSpan;
  /** The time window to which everything is limited; null without one. */
  readonly window: ShownWindow | null;
  readonly options: Options;
  /** Unix ms of the last tick or key. */
  readonly now: number;
}

const list = (sort: SortKey): ListState => ({ key: null, index: 0, top: 0, sort, isReversed: false });

/** The initial state. */
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

/** The least size of a terminal for the screen. */
export const LEAST = { columns: 80, rows: 24 } as const;

/** Whether the terminal is too small. Then nothing is shown, and no key may decide anything. */
export const isTooSmall = ({ columns, rows }: Pick<State, 'columns' | 'rows'>): boolean =>
  columns < LEAST.columns || rows < LEAST.rows;
