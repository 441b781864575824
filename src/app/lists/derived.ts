import type { Dialect } from '../../core/policy/dialect.ts';
import type { DomainNames } from '../../core/suggest/domain-names.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { PolicyShift } from '../../core/what-if/policy-shift.ts';
import type { HostRow } from '../../core/traffic/host-row.ts';
import { BusiestHosts } from './busiest-hosts.ts';
import { DeniedLeft } from './denied-left.ts';
import { Ordering } from './order.ts';
import type { Paced } from './paced.ts';
import type { Order } from './ranked-order.ts';
import type { Retries } from './retries.ts';
import { Shifts } from './shifts.ts';
import type { State } from '../state/state.ts';
import { Suggesting, type ShownSuggestions } from './suggesting.ts';
import { Usages, type UsageByEntry } from './usage.ts';

/** The data of a view that are computed from all rows. */
export interface ListData {
  readonly order: Order;
  readonly retries: ReadonlyMap<string, Retries>;
  /** Null while it is computed. */
  readonly usage: UsageByEntry | null;
  /** The rulings that the open draft would change; null without a draft, and while it is computed. */
  readonly shift: PolicyShift | null;
  readonly suggested: ShownSuggestions;
  /** The hosts with the most decisions, for the heat map. Null during the search, and on screens without a heat map. */
  readonly busiest: readonly HostRow[] | null;
  /** The number of denied hosts that are not handled; null until it is counted. */
  readonly deniedLeft: number | null;
  /** The progress (0–1) of computing these data; null when all is done. Until then rows are missing or outdated. */
  readonly progress: number | null;
}

/** The complete input of a view. */
export interface ViewInput extends ListData {
  readonly state: State;
  readonly traffic: Traffic;
  /** All counts, even if a time window is shown. */
  readonly whole: Traffic;
  /** Decisions since the view was frozen; null while it is not frozen. */
  readonly waiting: number | null;
}

/** The effects that Derived needs, passed in. */
interface DerivedOptions {
  /** Returns milliseconds since any start. */
  readonly clock: () => number;
  /** Returns all counts, even if a time window is shown. */
  readonly whole: () => Traffic;
  readonly dialect: Dialect | null;
  readonly names: DomainNames;
}

/** Computes the data of all lists from the traffic: orders, usage, shifts and suggestions. Long computations return partial results. */
export class Derived {
  readonly #ordering: Ordering;
  readonly #usages: Usages;
  readonly #shifts: Shifts;
  readonly #suggesting: Suggesting;
  readonly #busiest: BusiestHosts;
  readonly #deniedLeft: DeniedLeft;
  /** The computations whose progress the screen shows. */
  readonly #shown: readonly Paced<unknown>[];
  readonly #paces: readonly Paced<unknown>[];

  constructor({ clock, whole, dialect, names }: DerivedOptions) {
    this.#ordering = new Ordering(clock, whole);
    this.#usages = new Usages(clock);
    this.#shifts = new Shifts(clock, dialect?.isOwnDenial ?? (() => true));
    this.#suggesting = new Suggesting(clock, dialect, names);
    this.#busiest = new BusiestHosts(clock);
    this.#deniedLeft = new DeniedLeft(clock);
    this.#shown = [this.#ordering, this.#suggesting, this.#usages, this.#shifts, this.#busiest].map(
      ({ pace }) => pace,
    );
    this.#paces = [...this.#shown, this.#deniedLeft.pace];
  }

  of(state: State, traffic: Traffic, isUrgent: boolean): ListData {
    const suggested = this.#suggesting.of(state, traffic, isUrgent);
    const { order, retries } = this.#ordering.of(state, traffic, isUrgent);
    return {
      suggested,
      order: state.screen === 'suggest' ? suggested.order : order,
      retries,
      usage: this.#usages.of(state, traffic, isUrgent),
      shift: this.#shifts.of(state, traffic, isUrgent),
      busiest: this.#busiest.of(state, traffic, isUrgent),
      deniedLeft: this.#deniedLeft.of(state, traffic),
      progress: this.progress,
    };
  }

  /** Continues an unfinished computation for one time slice. */
  advance(): void {
    this.#paces.find(({ progress }) => progress !== null)?.advance();
  }

  /** Whether there is an unfinished computation. */
  get isWorking(): boolean {
    return this.#paces.some(({ progress }) => progress !== null);
  }

  /** The progress (0–1) of the slowest computation that the screen waits for; null without one. */
  get progress(): number | null {
    const shares = this.#shown.map(({ progress }) => progress).filter(share => share !== null);
    return shares.length === 0 ? null : Math.min(...shares);
  }

  /** Milliseconds until a result may be computed again; null if all are of `version` or in progress. */
  dueIn(version: number): number | null {
    const due = this.#paces.map(pace => pace.dueIn(version)).filter(delay => delay !== null);
    return due.length === 0 ? null : Math.min(...due);
  }
}
