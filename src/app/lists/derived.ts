import type { Dialect } from '../../core/policy/dialect.ts';
import type { DomainNames } from '../../core/suggest/domain-names.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { Ordering } from './order.ts';
import type { Paced } from './paced.ts';
import type { Seen } from '../select/select.ts';
import { Shifts } from './shifts.ts';
import type { State } from '../state/state.ts';
import { Suggesting } from './suggesting.ts';
import { Usages } from './usage.ts';

/** All that a view shows of all rows taken together. */
export type Looked = Pick<Seen, 'order' | 'retries' | 'usage' | 'shift' | 'suggested' | 'progress'>;

/** What is made by looking through everything that was seen: orders, usage, effects, suggestions. Each as far as it is made. */
export class Derived {
  readonly #ordering: Ordering;
  readonly #usages: Usages;
  readonly #shifts: Shifts;
  readonly #suggesting: Suggesting;
  readonly #paces: readonly Paced<unknown>[];

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number, dialect: Dialect | null, names: DomainNames) {
    this.#ordering = new Ordering(clock);
    this.#usages = new Usages(clock);
    this.#shifts = new Shifts(clock, dialect?.isOwnDenial ?? (() => true));
    this.#suggesting = new Suggesting(clock, dialect, names);
    this.#paces = [this.#ordering, this.#suggesting, this.#usages, this.#shifts].map(({ pace }) => pace);
  }

  of(state: State, traffic: Traffic, isUrgent: boolean): Looked {
    const suggested = this.#suggesting.of(state, traffic, isUrgent);
    const { order, retries } = this.#ordering.of(state, traffic, isUrgent);
    return {
      suggested,
      order: state.screen === 'suggest' ? suggested.order : order,
      retries,
      usage: this.#usages.of(state, traffic, isUrgent),
      shift: this.#shifts.of(state, traffic, isUrgent),
      progress: this.progress,
    };
  }

  /** Goes on for a slice with one of the things that are being made. */
  advance(): void {
    this.#paces.find(({ progress }) => progress !== null)?.advance();
  }

  /** The share (0–1) of what is being made that is done; null where nothing is. */
  get progress(): number | null {
    const shares = this.#paces.map(({ progress }) => progress).filter(share => share !== null);
    return shares.length === 0 ? null : Math.min(...shares);
  }

  /** In how many ms something is worth being made anew; null while all is of `version`, or on its way. */
  dueIn(version: number): number | null {
    const due = this.#paces.map(pace => pace.dueIn(version)).filter(delay => delay !== null);
    return due.length === 0 ? null : Math.min(...due);
  }
}
