import { countTest, eventTest, NEW_TO_AGENT, type FilterTerm } from '../../core/filter.ts';
import type { EgressEvent } from '../../core/event.ts';
import { MISSING } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { Work } from '../../core/work.ts';
import { Collapsing, type Retries, type StreamRecord } from './retries.ts';
import { newTest } from './new-hosts.ts';
import { rowTest } from './row-filter.ts';
import { asksPolicy, rulingTest } from './ruling-filter.ts';
import type { State } from '../state/state.ts';

/** The keys of the Stream's rows, and the retries that a row represents. */
interface StreamOrder {
  readonly order: readonly string[];
  readonly retries: ReadonlyMap<string, Retries>;
}

/** The number of records between two looks at the clock. */
const BLOCK = 1_024;

/** The Stream newest first, or reversed. Retries are collapsed if the operator wants that. */
export function* streamOrder(state: State, traffic: Traffic, whole: Traffic): Work<StreamOrder> {
  const records = yield* recordsOf(state, traffic, whole);
  const collapsing = new Collapsing();
  for (const [index, record] of records.entries()) {
    if (state.collapsesRetries) collapsing.add(record);
    if (index % BLOCK === BLOCK - 1) yield 0.5 + index / records.length / 2;
  }
  const { keys, retries } = state.collapsesRetries
    ? collapsing.end()
    : { keys: records.map(({ key }) => key), retries: new Map<string, Retries>() };
  return { order: state.lists.stream.isReversed ? keys.toReversed() : keys, retries };
}

/**
 * The records by key and time. An event's key is its number since the start, which does not change. An event without a time gets its
 * neighbour's.
 */
function* recordsOf(state: State, traffic: Traffic, whole: Traffic): Work<readonly StreamRecord[]> {
  const test = streamTest(state, traffic, whole);
  const { recent } = traffic;
  const found: StreamRecord[] = [];
  let at = Number.POSITIVE_INFINITY;
  const [first, all] = [recent.firstNumber, recent.length];
  for (let number = first + all - 1; number >= first; number -= 1) {
    const event = recent.at(number - recent.firstNumber); // events may be added or dropped meanwhile
    at = event?.at ?? at;
    if (event && test(event)) found.push({ key: String(number), at, event });
    if (number % BLOCK === 0) yield (first + all - number) / all / 2;
  }
  return found.sort((one, other) => other.at - one.at || 0);
}

/**
 * Tests whether the filter passes a record. `new:` looks at when its host was first seen in the whole traffic. `new:agent` asks whether the
 * host is new to its agent.
 */
export function streamTest(state: State, traffic: Traffic, whole: Traffic): (event: EgressEvent) => boolean {
  const { filter, now } = state;
  if (filter.terms.length === 0) return () => true;
  const isKept = eventTest(
    filter.terms.filter(term => !asksPolicy(term) && term.key !== 'machines' && term.key !== 'new'),
    now,
  );
  const [isRuled, isPolicyAsked] = [rulingTest(state), filter.terms.some(asksPolicy)];
  const isNew = newHostTest(state, traffic, whole);
  const isCommon = commonTest(filter.terms, traffic);
  return event =>
    isKept(event) &&
    isNew(event) &&
    isCommon(event) &&
    (!isPolicyAsked || (event.verdict !== null && isRuled(event)));
}

/** Tests whether as many machines asked for the record's host as `machines:` wants, by the fleet's counters. */
function commonTest(all: readonly FilterTerm[], { machines }: Traffic): (event: EgressEvent) => boolean {
  const tests = all
    .filter(({ key }) => key === 'machines')
    .map(({ value, isNegated }) => ({ holds: countTest(value), isNegated }));
  return ({ host }) => {
    if (tests.length === 0) return true;
    const count = machines?.of(host ?? MISSING).size ?? 0;
    return tests.every(({ holds, isNegated }) => holds(count) !== isNegated);
  };
}

const isNewToAgent = ({ value }: FilterTerm): boolean => value.toLowerCase() === NEW_TO_AGENT;

function newHostTest(state: State, traffic: Traffic, whole: Traffic): (event: EgressEvent) => boolean {
  const { filter, now, options } = state;
  const terms = filter.terms.filter(({ key }) => key === 'new');
  if (terms.length === 0) return () => true;
  const [toAgents, since] = [terms.filter(isNewToAgent), terms.filter(term => !isNewToAgent(term))];
  const test = rowTest(since, traffic, { now, whole, of: ({ counts }) => counts, isNew: newTest(state) });
  const { known } = options;
  return ({ agent, host }) => {
    const name = host ?? MISSING;
    const row = traffic.hosts.get(name);
    if (row === undefined || !test(row)) return false;
    return toAgents.every(({ isNegated }) => (known?.isNew(agent ?? MISSING, name) ?? false) !== isNegated);
  };
}

/** The event of a Stream row, the newest of several. Null when it was dropped for newer ones. */
export const eventOfKey = (
  key: string | null,
  { recent }: Traffic,
  retries?: ReadonlyMap<string, Retries>,
): EgressEvent | null =>
  key === null ? null : (retries?.get(key)?.newest ?? recent.at(Number(key) - recent.firstNumber) ?? null);
