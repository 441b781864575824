import fuzzysort from 'fuzzysort';
import { eventTest, textTest, type FilterTerm } from '../core/filter.ts';
import type { Entry } from '../core/dialect.ts';
import type { EgressEvent } from '../core/event.ts';
import { compareText } from '../core/tally.ts';
import type { TrafficRow } from '../core/traffic-row.ts';
import type { Traffic } from '../core/traffic.ts';
import { Paced } from './paced.ts';
import { rowTest } from './row-filter.ts';
import type { ListState, ScreenName, SortKey, State } from './state.ts';

/** Rows of a list in the order they are shown, by key. */
export type Order = readonly string[];

/**
 * Puts the rows of a list in order. Keeps the last answer while nothing changed, while a dialog is open (the order must not
 * move under a decision), and for as long as a large list's sorting is worth. The last order is where the next sort begins,
 * so that a list in which little moved costs little.
 */
export class Ordering {
  readonly #orders: Paced<Order>;
  #evicted = 0;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number) {
    this.#orders = new Paced(clock);
  }

  of(state: State, traffic: Traffic, isUrgent = false): Order {
    return this.#orders.of({
      inputs: inputsOf(state, traffic),
      version: traffic.version,
      isHeld: state.dialog.type !== 'none',
      isUrgent,
      make: last => {
        this.#forgetNames(traffic);
        return orderOf(state, traffic, last ?? []);
      },
    });
  }

  /** In how many ms the order given last is worth being made anew; null while it is of now. */
  dueIn(traffic: Traffic): number | null {
    return this.#orders.dueIn(traffic.version);
  }

  /** The fuzzy finder remembers every name it ever met: those of folded hosts must go. */
  #forgetNames({ evicted }: Traffic): void {
    if (evicted.hosts === this.#evicted) return;
    this.#evicted = evicted.hosts;
    fuzzysort.cleanup();
  }
}

/** How often a filter that counts time back from now is asked again while nothing else happens. */
const MOMENT_MS = 10_000;

/** Everything besides the traffic's version that an order depends on. */
function inputsOf(state: State, traffic: Traffic): readonly unknown[] {
  const { screen, lists, filter, dismissed, policy, now } = state;
  const { sort, isReversed } = lists[screen];
  const isTimed = filter.terms.some(({ key }) => key === 'since' || key === 'until');
  return [
    traffic,
    screen,
    sort,
    isReversed,
    filter.terms,
    screen === 'denied' ? dismissed : null,
    screen === 'policy' ? (policy?.policy ?? null) : null,
    isTimed ? Math.floor(now / MOMENT_MS) : null,
  ];
}

function orderOf(state: State, traffic: Traffic, last: Order): Order {
  const list = state.lists[state.screen];
  switch (state.screen) {
    case 'hosts':
      return rows(state, traffic, traffic.hosts, last, () => true);
    case 'denied':
      return rows(
        state,
        traffic,
        traffic.hosts,
        last,
        // not "more than": a host that was folded and came back is counted from the start
        row => row.counts.deny > 0 && row.counts.deny !== state.dismissed.get(row.name),
      );
    case 'tools':
      return rows(state, traffic, traffic.tools, last, () => true);
    case 'agents':
      return rows(state, traffic, traffic.agents, last, () => true);
    case 'stream':
      return reversedIf(list.isReversed, streamKeys(state, traffic));
    case 'policy':
      return policyKeys(state, list);
  }
}

function rows<Row extends TrafficRow>(
  state: State,
  traffic: Traffic,
  known: ReadonlyMap<string, Row>,
  last: Order,
  belongs: (row: Row) => boolean,
): Order {
  const { sort, isReversed } = state.lists[state.screen];
  const test = rowTest(state.filter.terms, traffic, state.now);
  const kept = inLastOrder(known, last).filter(row => row.counts.total > 0 && belongs(row) && test(row));
  const words = state.filter.terms.filter(term => term.key === null);
  const found = words.reduce<readonly Row[]>(
    (left, word) => matchWord(left, word.value, word.isNegated),
    kept,
  );
  const compare = COMPARE[sort] ?? COMPARE.total;
  const direction = isReversed ? -1 : 1;
  return [...found]
    .sort((one, other) => direction * (compare?.(one, other) ?? 0) || compareText(one.name, other.name))
    .map(row => row.name);
}

/** Rows in last time's order, then the new ones: nearly sorted, which the engine's merge sort takes in linear time. */
function inLastOrder<Row extends TrafficRow>(known: ReadonlyMap<string, Row>, last: Order): Row[] {
  if (last.length === 0) return [...known.values()];
  const placed = new Set(last);
  const before = last.map(name => known.get(name)).filter(row => row !== undefined);
  return [...before, ...[...known.values()].filter(row => !placed.has(row.name))];
}

/** Fuzzy in the name; a word behind `!` has to stand there as it is. */
function matchWord<Row extends TrafficRow>(
  rows: readonly Row[],
  word: string,
  isNegated: boolean,
): readonly Row[] {
  if (isNegated) return rows.filter(row => !row.name.includes(word.toLowerCase()));
  return fuzzysort.go(word, rows, { key: 'name', threshold: 0.3, limit: 0 }).map(match => match.obj);
}

/** Largest, newest or slowest first; names from a to z. */
const COMPARE: Readonly<Partial<Record<SortKey, (one: TrafficRow, other: TrafficRow) => number>>> = {
  total: (one, other) => other.counts.total - one.counts.total,
  deny: (one, other) => other.counts.deny - one.counts.deny,
  error: (one, other) => other.counts.error - one.counts.error,
  last: (one, other) => (other.last ?? 0) - (one.last ?? 0),
  denied: (one, other) => (other.lastDenied ?? 0) - (one.lastDenied ?? 0),
  bytes: (one, other) => other.bytes - one.bytes,
  latency: (one, other) => (other.durations?.quantile(0.95) ?? -1) - (one.durations?.quantile(0.95) ?? -1),
  name: (one, other) => compareText(one.name, other.name),
};

/** The columns each list can be ordered by, the first one at the start. */
export const SORTS: Readonly<Record<ScreenName, readonly SortKey[]>> = {
  hosts: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  denied: ['denied', 'deny', 'total', 'name', 'last'],
  tools: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  agents: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  stream: ['last'],
  policy: ['line', 'list', 'name'],
};

/** Newest first. An event's key is its number since the start, which it keeps while newer ones come; one without a time stays beside its neighbour. */
function streamKeys({ filter, now }: State, { recent }: Traffic): Order {
  const test = eventTest(filter.terms, now);
  const found: { readonly key: string; readonly at: number }[] = [];
  let at = Number.POSITIVE_INFINITY;
  for (let index = recent.length - 1; index >= 0; index -= 1) {
    const event = recent.at(index);
    at = event?.at ?? at;
    if (event && (filter.terms.length === 0 || test(event)))
      found.push({ key: String(recent.dropped + index), at });
  }
  return found.sort((one, other) => other.at - one.at || 0).map(({ key }) => key);
}

/** The event behind a stream row; null when it made room for newer ones. */
export const eventOfKey = (key: string | null, { recent }: Traffic): EgressEvent | null =>
  key === null ? null : (recent.at(Number(key) - recent.dropped) ?? null);

/** An entry's key: the list and its text, which it keeps when lines move. */
export const entryKey = (entry: Entry): string => `${entry.list} ${entry.text}`;

function policyKeys({ policy, filter }: State, { sort, isReversed }: ListState): Order {
  const tests = filter.terms.map(entryTest);
  const entries = (policy?.policy?.entries ?? []).filter(entry => tests.every(test => test(entry)));
  const sorted = [...entries].sort(
    (one, other) =>
      (sort === 'list' ? compareText(one.list, other.list) : 0) ||
      (sort === 'name' ? compareText(one.text, other.text) : 0) ||
      one.line - other.line ||
      one.column - other.column,
  );
  return reversedIf(isReversed, [...new Set(sorted.map(entryKey))]);
}

/** Words and `host:` are looked for in the entry's text; other terms say nothing of an entry. */
function entryTest({ key, value, isNegated }: FilterTerm): (entry: Entry) => boolean {
  if (key !== null && key !== 'host') return () => true;
  const matches = key === null ? textIncludes(value) : textTest(value, true);
  return entry => matches(entry.text) !== isNegated;
}

const textIncludes = (word: string) => (text: string) => text.toLowerCase().includes(word.toLowerCase());

const reversedIf = (isReversed: boolean, keys: Order): Order => (isReversed ? [...keys].reverse() : keys);
