import { attemptOf } from '../../core/what-if/attempt-of.ts';
import { HostRow } from '../../core/traffic/host-row.ts';
import { rateOf, type Rate, type RateMoment } from '../../core/traffic/time/rate.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { Work } from '../../core/work.ts';
import type { SummedCounts } from '../../core/traffic/counts.ts';
import { handledTest } from './denied-left.ts';
import { countsOf, narrowingOf, type Narrowing } from './narrowed-counts.ts';
import { fuzzyWords, nameScore } from './name-match.ts';
import type { NamedRows } from './named-rows.ts';
import { RankedOrder } from './ranked-order.ts';
import type { RankingArrays } from './ranking-arrays.ts';
import { newTest } from './new-hosts.ts';
import { rateMoment } from './rate-moment.ts';
import { rowTest } from './row-filter.ts';
import { asksPolicy, rulingTest } from './ruling-filter.ts';
import type { State } from '../state/state.ts';
import type { SortKey } from '../state/screen.ts';

/** The number of rows between two looks at the clock. */
const BLOCK = 512;

/** The rows that are ranked. */
interface RankedRows {
  readonly traffic: Traffic;
  /** All that was read, whatever window of it is shown. */
  readonly whole: Traffic;
  readonly named: NamedRows<TrafficRow>;
  /** Taken over by the ranking and by the orders that it gives. */
  readonly arrays: RankingArrays;
}

/** Finds and ranks the rows of Hosts, Denied, Tools or Agents that the screen shows. */
export class RowRanking {
  readonly #named: NamedRows<TrafficRow>;
  readonly #isShown: (row: TrafficRow) => boolean;
  readonly #scoreOf: (name: string) => number | null;
  readonly #measure: ((row: TrafficRow) => number) | null;
  readonly #isReversed: boolean;
  readonly #isRanked: boolean;
  readonly #arrays: RankingArrays;
  readonly #all: number;
  /** On Denied: whether a row is handled, and ranks behind all others. */
  readonly #isHandled: ((row: TrafficRow) => boolean) | null;
  /** The primary rank: on a fuzzy search the negative score of the name; on Denied 1 for a handled row. Null without either. */
  readonly #scores: Float64Array | null;
  #count = 0;

  constructor(state: State, { traffic, whole, named, arrays }: RankedRows) {
    const { sort, isReversed } = state.lists[state.screen];
    named.refresh(traffic.evicted.hosts);
    this.#named = named;
    this.#arrays = arrays;
    this.#all = named.rows.length;
    arrays.makeRoom(this.#all);
    this.#isShown = testOf(state, traffic, whole);
    this.#scoreOf = scoring(fuzzyWords(state.filter.terms));
    this.#measure = measuring(sort, {
      narrowing: narrowingOf(state),
      moment: rateMoment(state, traffic),
      state,
    });
    this.#isReversed = isReversed;
    this.#isRanked = state.filter.isRanked;
    this.#isHandled = state.screen === 'denied' && !this.#isRanked ? handledTest(state) : null;
    this.#scores = this.#isRanked || this.#isHandled ? arrays.scores() : null;
  }

  *work(): Work<RankedOrder> {
    const { rows } = this.#named;
    const all = this.#all;
    for (let number = 0; number < all; number += 1) {
      const row = rows[number];
      if (row) this.#look(number, row);
      if (number % BLOCK === BLOCK - 1) yield number / all;
    }
    yield* this.#named.place();
    return this.#orderOf(this.#arrays.found.subarray(0, this.#count));
  }

  #look(number: number, row: TrafficRow): void {
    if (!this.#isShown(row)) return;
    const score = this.#scoreOf(row.name);
    if (score === null) return;
    if (this.#scores) this.#scores[number] = this.#isHandled ? Number(this.#isHandled(row)) : -score;
    this.#arrays.found[this.#count] = number;
    this.#count += 1;
    const value = this.#measure?.(row) ?? 0;
    this.#arrays.values[number] = this.#isReversed ? value : -value;
  }

  /** The rows found so far. New names rank behind others with the same value. */
  soFar(): RankedOrder {
    return this.#orderOf(this.#arrays.copyOfFound(this.#count));
  }

  #orderOf(found: Uint32Array): RankedOrder {
    return new RankedOrder({
      rows: this.#named.rows,
      found,
      scores: this.#scores,
      values: this.#arrays.values,
      places: this.#named.places,
      isNameReversed: this.#isReversed && !this.#measure,
      numberOf: name => this.#named.numberOf(name),
    });
  }
}

type Measure = ((row: TrafficRow) => number) | null;

interface Measuring {
  readonly narrowing: Narrowing | null;
  readonly moment: RateMoment;
  readonly state: State;
}

function measuring(sort: SortKey, { narrowing, moment, state }: Measuring): Measure {
  if (sort === 'rate') return row => rateOf(row, moment)?.perMinute ?? 0;
  if (sort === 'new') {
    const isNew = newTest(state);
    return row => (isNew(row) ? (row.first ?? 0) : Number.NEGATIVE_INFINITY);
  }
  if (sort === 'trend') return row => changeOf(rateOf(row, moment));
  if (sort !== 'total' && sort !== 'deny' && sort !== 'error') return MEASURE[sort] ?? null;
  if (narrowing) {
    const of = countsOf(narrowing);
    return row => of(row)[sort];
  }
  return sort === 'total' ? row => row.total : row => row.given(sort);
}

/** The change of a rate, in decisions a minute. */
const changeOf = (rate: Rate | null): number =>
  rate === null || rate.before === null ? 0 : rate.perMinute - rate.before;

/** The measure of each sort other than the counts: largest, newest or slowest first. Names have none and are sorted from a to z. */
const MEASURE: Readonly<Partial<Record<SortKey, (row: TrafficRow) => number>>> = {
  last: row => row.last ?? 0,
  first: row => row.first ?? 0,
  denied: row => row.lastDenied ?? 0,
  bytes: row => row.bytes,
  latency: row => row.durationAt(0.95) ?? -1,
};

/**
 * Tests whether a row belongs on the screen. It must have decisions, or be a tool of another surface, and pass the filter apart from its
 * fuzzy words.
 */
function testOf(state: State, traffic: Traffic, whole: Traffic): (row: TrafficRow) => boolean {
  const { terms } = state.filter;
  const tests: ((row: TrafficRow) => boolean)[] = [
    state.screen === 'tools'
      ? row => row.total > 0 || traffic.surfaces.of(row.name) !== null
      : row => row.total > 0,
  ];
  if (state.screen === 'denied') tests.push(isDenied(state, countsOf(narrowingOf(state))));
  for (const { value } of terms.filter(term => term.key === null && term.isNegated))
    tests.push(row => !row.name.includes(value.toLowerCase()));
  const keyed = terms.filter(term => term.key !== null && !asksPolicy(term));
  if (keyed.length > 0)
    tests.push(
      rowTest(keyed, traffic, {
        now: state.now,
        whole,
        of: countsOf(narrowingOf(state)),
        isNew: newTest(state),
      }),
    );
  if (terms.some(asksPolicy)) {
    const isRuled = rulingTest(state);
    tests.push(row => !(row instanceof HostRow) || isRuled(attemptOf(row)));
  }
  const [first, ...others] = tests;
  if (first && others.length === 0) return first;
  return row => tests.every(test => test(row));
}

/** The combined score of all words for a name; null if a word does not match. */
function scoring(words: readonly string[]): (name: string) => number | null {
  const scores = words.map(nameScore);
  return name => {
    let sum = 0;
    for (const scoreOf of scores) {
      const score = scoreOf(name);
      if (score === null) return null;
      sum += score;
    }
    return sum;
  };
}

/**
 * Whether a row was denied and is neither muted nor dismissed. Any change of the count ends a dismissal, because a folded host counts from
 * zero again.
 */
const isDenied =
  ({ dismissed, showsDismissed }: State, of: (row: TrafficRow) => SummedCounts) =>
  (row: TrafficRow): boolean => {
    if (of(row).deny === 0) return false;
    const count = row.counts.deny;
    if (showsDismissed) return true;
    const aside = dismissed.get(row.name);
    return aside !== 'muted' && aside !== count;
  };
