import { textTest, type FilterTerm } from '../core/filter.ts';
import type { Entry } from '../core/dialect.ts';
import { compareText } from '../core/tally.ts';
import { attemptOf, HostRow, type TrafficRow } from '../core/traffic-row.ts';
import type { Traffic } from '../core/traffic.ts';
import { shownEntries } from './drafted-policy.ts';
import { entryKey } from './entry-key.ts';
import { nameMatch } from './name-match.ts';
import { NamedRows, sortedBy } from './named-rows.ts';
import { Paced } from './paced.ts';
import type { Retries } from './retries.ts';
import { rowTest } from './row-filter.ts';
import { asksPolicy, rulingTest } from './ruling-filter.ts';
import type { State } from './state.ts';
import { streamOrder } from './stream-order.ts';
import type { ListState, ScreenName, SortKey } from './state/screen.ts';

/** Rows of a list in the order they are shown, by key. */
export type Order = readonly string[];

const NO_RETRIES: ReadonlyMap<string, Retries> = new Map();

/**
 * Puts the rows of a list in order. Keeps the last answer while nothing changed, while a dialog is open (the order must not
 * move under a decision), and for as long as a large list's sorting is worth.
 */
export class Ordering {
  readonly #orders: Paced<Order>;
  readonly #named = new WeakMap<object, unknown>();
  #retries = NO_RETRIES;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number) {
    this.#orders = new Paced(clock);
  }

  /** What the rows of the Stream that was given last stand for, where that is more than one record. */
  get retries(): ReadonlyMap<string, Retries> {
    return this.#retries;
  }

  of(state: State, traffic: Traffic, isUrgent = false): Order {
    return this.#orders.of({
      inputs: inputsOf(state, traffic),
      version: traffic.version,
      isHeld: state.dialog.type !== 'none',
      isUrgent,
      make: () => {
        const shown = state.screen === 'stream' ? streamOrder(state, traffic) : null;
        this.#retries = shown?.retries ?? NO_RETRIES;
        return shown?.keys ?? orderOf(state, traffic, rows => this.#byName(rows, traffic));
      },
    });
  }

  #byName<Row extends TrafficRow>(rows: ReadonlyMap<string, Row>, { evicted }: Traffic): readonly Row[] {
    let named = this.#named.get(rows) as NamedRows<Row> | undefined; // kept under the very map of its rows
    if (!named) this.#named.set(rows, (named = new NamedRows(rows)));
    return named.sorted(evicted.hosts);
  }

  /** In how many ms the order given last is worth being made anew; null while it is of now. */
  dueIn(traffic: Traffic): number | null {
    return this.#orders.dueIn(traffic.version);
  }
}

/** How often a filter that counts time back from now is asked again while nothing else happens. */
const MOMENT_MS = 10_000;

/** Everything besides the traffic's version that an order depends on. */
function inputsOf(state: State, traffic: Traffic): readonly unknown[] {
  const { screen, lists, filter, dismissed, showsDismissed, collapsesRetries, policy, draft, now } = state;
  const { sort, isReversed } = lists[screen];
  const isPolicyAsked = screen === 'policy' || filter.terms.some(asksPolicy);
  const isTimed = filter.terms.some(({ key }) => key === 'since' || key === 'until');
  return [
    traffic,
    screen,
    sort,
    isReversed,
    filter.terms,
    screen === 'denied' ? dismissed : null,
    screen === 'denied' && showsDismissed,
    screen === 'stream' && collapsesRetries,
    isPolicyAsked ? (policy?.policy ?? null) : null,
    isPolicyAsked ? (draft?.laid ?? null) : null,
    isTimed ? Math.floor(now / MOMENT_MS) : null,
  ];
}

/** The rows of a map from a to z. */
type ByName = <Row extends TrafficRow>(rows: ReadonlyMap<string, Row>) => readonly Row[];

function orderOf(state: State, traffic: Traffic, byName: ByName): Order {
  const list = state.lists[state.screen];
  switch (state.screen) {
    case 'hosts':
      return rows(state, traffic, byName(traffic.hosts));
    case 'denied':
      return rows(state, traffic, byName(traffic.hosts).filter(isDenied(state)));
    case 'tools':
      return rows(state, traffic, byName(traffic.tools));
    case 'agents':
      return rows(state, traffic, byName(traffic.agents));
    case 'stream':
      return []; // records have an order of their own, and so have suggestions
    case 'policy':
      return policyKeys(state, list);
    case 'suggest':
      return [];
  }
}

/** Denied, and not muted or put aside since: not "more often than then", for a host that was folded and came back counts from the start. */
const isDenied =
  ({ dismissed, showsDismissed }: State) =>
  ({ name, counts }: TrafficRow): boolean => {
    const aside = dismissed.get(name);
    return counts.deny > 0 && (showsDismissed || (aside !== 'muted' && aside !== counts.deny));
  };

function rows(state: State, traffic: Traffic, known: readonly TrafficRow[]): Order {
  const { sort, isReversed } = state.lists[state.screen];
  const test = rowTest(
    state.filter.terms.filter(term => !asksPolicy(term)),
    traffic,
    state.now,
  );
  const isRuled = rulingTest(state);
  const kept = known.filter(
    row => row.counts.total > 0 && test(row) && (!(row instanceof HostRow) || isRuled(attemptOf(row))),
  );
  const words = state.filter.terms.filter(term => term.key === null);
  const found = words.reduce((left, word) => matchWord(left, word.value, word.isNegated), kept);
  const measure = MEASURE[sort];
  const sign = isReversed ? 1 : -1;
  const sorted = measure ? sortedBy(found, row => sign * measure(row)) : reversedIf(isReversed, found);
  return sorted.map(row => row.name);
}

/** Fuzzy in the name; a word behind `!` has to stand there as it is. The rows stay in their order. */
function matchWord(rows: readonly TrafficRow[], word: string, isNegated: boolean): TrafficRow[] {
  if (isNegated) return rows.filter(row => !row.name.includes(word.toLowerCase()));
  const matches = nameMatch(word);
  return rows.filter(row => matches(row.name));
}

/** What is looked at for each sort, the largest, newest or slowest first; nothing is: names from a to z. */
const MEASURE: Readonly<Partial<Record<SortKey, (row: TrafficRow) => number>>> = {
  total: row => row.counts.total,
  deny: row => row.counts.deny,
  error: row => row.counts.error,
  last: row => row.last ?? 0,
  denied: row => row.lastDenied ?? 0,
  bytes: row => row.bytes,
  latency: row => row.durations?.quantile(0.95) ?? -1,
};

/** The columns each list can be ordered by, the first one at the start. */
export const SORTS: Readonly<Record<ScreenName, readonly SortKey[]>> = {
  hosts: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  denied: ['denied', 'deny', 'total', 'name', 'last'],
  tools: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  agents: ['total', 'deny', 'error', 'last', 'name', 'bytes', 'latency'],
  stream: ['last'],
  policy: ['line', 'list', 'name'],
  suggest: ['list', 'name'],
};

function policyKeys(state: State, { sort, isReversed }: ListState): Order {
  const tests = state.filter.terms.map(entryTest);
  const entries = shownEntries(state)
    .map(({ entry }) => entry)
    .filter(entry => tests.every(test => test(entry)));
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
export function entryTest({
  key,
  value,
  isNegated,
}: FilterTerm): (entry: Pick<Entry, 'list' | 'text'>) => boolean {
  if (key !== null && key !== 'host') return () => true;
  const matches = key === null ? textIncludes(value) : textTest(value, true);
  return entry => matches(entry.text) !== isNegated;
}

const textIncludes = (word: string) => (text: string) => text.toLowerCase().includes(word.toLowerCase());

/** The items, the last one first where that is wanted. */
export const reversedIf = <Item>(isReversed: boolean, items: readonly Item[]): readonly Item[] =>
  isReversed ? items.toReversed() : items;
