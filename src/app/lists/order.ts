import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { atOnce, type Work } from '../../core/work.ts';
import { machineOrder } from './machine-order.ts';
import { NamedRows } from './named-rows.ts';
import { Paced } from './paced.ts';
import { policyOrder } from './policy-order.ts';
import { NO_ROWS, type Order } from './ranked-order.ts';
import { RankingArrays } from './ranking-arrays.ts';
import type { Retries } from './retries.ts';
import { RowRanking } from './row-ranking.ts';
import { asksPolicy } from './ruling-filter.ts';
import type { State } from '../state/state.ts';
import { streamOrder } from './stream-order.ts';
import type { ScreenName, SortKey } from '../state/screen.ts';

/** An ordered list, and the Stream's rows that represent several records. */
interface ListOrder {
  readonly order: Order;
  readonly retries: ReadonlyMap<string, Retries>;
}

/** The rows of a map, and the arrays of the order that is shown and of the one that is made. */
interface Rankable {
  readonly named: NamedRows<TrafficRow>;
  readonly arrays: readonly [RankingArrays, RankingArrays];
}

const NO_RETRIES: ReadonlyMap<string, Retries> = new Map();
/** Up to this number of hosts, an empty list is computed again at once. */
const SMALL = 1_000;
const NOTHING: ListOrder = { order: NO_ROWS, retries: NO_RETRIES };

/**
 * Orders the rows of a list. While a dialog is open the order stays, so that no row moves under a decision. An empty list is the exception,
 * because it would hide new rows. A large list is sorted again only from time to time. While a slow sort runs, the rows found so far are
 * shown.
 */
export class Ordering {
  readonly #shown: Paced<ListOrder>;
  readonly #rankable = new WeakMap<object, Rankable>();
  /** Where the order stands that was finished last; a new one is made in other arrays. */
  #kept: RankingArrays | null = null;
  #soFar: () => ListOrder = () => NOTHING;
  #isEmpty = true;

  readonly #whole: () => Traffic | null;

  /** `clock` returns milliseconds since any start. `whole` returns all counts, even if a time window is shown. */
  constructor(clock: () => number, whole: () => Traffic | null = () => null) {
    [this.#shown, this.#whole] = [new Paced(clock), whole];
  }

  /** The order of now. It holds until the next call. */
  of(state: State, traffic: Traffic, isUrgent = false): ListOrder {
    const shown = this.#shown.of({
      inputs: inputsOf(state, traffic),
      version: traffic.version,
      isHeld: state.dialog.type !== 'none' && !this.#isEmpty,
      isUrgent,
      make: () => this.#work(state, traffic),
      isEmpty: this.#isEmpty && traffic.hosts.size <= SMALL,
    });
    this.#isEmpty = shown === null || shown.order.length === 0;
    return shown ?? this.#soFar();
  }

  #work(state: State, traffic: Traffic): Work<ListOrder> {
    this.#soFar = () => NOTHING;
    switch (state.screen) {
      case 'hosts':
      case 'denied':
        return this.#ranking(state, traffic, traffic.hosts);
      case 'tools':
        return this.#ranking(state, traffic, traffic.tools);
      case 'agents':
        return this.#ranking(state, traffic, traffic.agents);
      case 'stream':
        return streamOrder(state, traffic, this.#whole() ?? traffic);
      case 'policy':
        return atOnce({ order: policyOrder(state), retries: NO_RETRIES });
      case 'machines':
        return atOnce({ order: machineOrder(state), retries: NO_RETRIES });
      case 'suggest':
        return atOnce(NOTHING); // the suggestions have their own order
    }
  }

  *#ranking(state: State, traffic: Traffic, rows: ReadonlyMap<string, TrafficRow>): Work<ListOrder> {
    const { named, arrays: both } = this.#rankableOf(rows);
    const [one, other] = both;
    const arrays = this.#kept === one ? other : one;
    const ranking = new RowRanking(state, { traffic, whole: this.#whole() ?? traffic, named, arrays });
    this.#soFar = () => ({ order: ranking.soFar(), retries: NO_RETRIES });
    const order = yield* ranking.work();
    this.#kept = arrays;
    return { order, retries: NO_RETRIES };
  }

  #rankableOf(rows: ReadonlyMap<string, TrafficRow>): Rankable {
    const known = this.#rankable.get(rows); // stored by the map object of the rows
    if (known) return known;
    const made: Rankable = {
      named: new NamedRows(rows),
      arrays: [new RankingArrays(), new RankingArrays()],
    };
    this.#rankable.set(rows, made);
    return made;
  }

  /** The computation of the order. */
  get pace(): Paced<unknown> {
    return this.#shown;
  }
}

/** The cursor's place in an order: at its row, or where that row was last. */
export function cursorIndex(state: State, order: Order): number {
  const { key, index } = state.lists[state.screen];
  const found = key === null ? -1 : order.indexOf(key);
  return found === -1 ? Math.max(0, Math.min(index, order.length - 1)) : found;
}

/** The interval at which a filter with a relative time is applied again while nothing else changes. */
const MOMENT_MS = 10_000;

/** Everything except the traffic's version that determines an order. */
function inputsOf(state: State, traffic: Traffic): readonly unknown[] {
  const {
    screen,
    lists,
    filter,
    dismissed,
    showsDismissed,
    collapsesRetries,
    policy,
    draft,
    asks,
    fleet,
    now,
  } = state;
  const { sort, isReversed } = lists[screen];
  const isPolicyAsked = screen === 'policy' || screen === 'denied' || filter.terms.some(asksPolicy);
  const isTimed = filter.terms.some(({ key }) => key === 'since' || key === 'until' || key === 'new');
  return [
    traffic,
    screen,
    sort,
    isReversed,
    filter.terms,
    filter.isRanked,
    screen === 'denied' ? dismissed : null,
    screen === 'denied' && showsDismissed,
    screen === 'stream' && collapsesRetries,
    isPolicyAsked ? (policy?.policy ?? null) : null,
    isPolicyAsked ? (draft?.laid ?? null) : null,
    screen === 'policy' ? asks.rules : null,
    screen === 'machines' ? fleet : null,
    isTimed || sort === 'rate' || sort === 'trend' ? Math.floor(now / MOMENT_MS) : null,
  ];
}

/** The columns by which each list can be sorted, the default first. */
export const SORTS: Readonly<Record<ScreenName, readonly SortKey[]>> = {
  hosts: ['total', 'deny', 'error', 'last', 'first', 'name', 'bytes', 'latency', 'rate', 'trend', 'new'],
  denied: ['denied', 'deny', 'total', 'name', 'last', 'first', 'new'],
  tools: ['total', 'deny', 'error', 'last', 'first', 'name', 'bytes', 'latency', 'rate', 'trend'],
  agents: ['total', 'deny', 'error', 'last', 'first', 'name', 'bytes', 'latency', 'rate', 'trend', 'new'],
  stream: ['last'],
  policy: ['line', 'list', 'name'],
  suggest: ['list', 'name'],
  machines: ['total', 'deny', 'error', 'last', 'name'],
};
