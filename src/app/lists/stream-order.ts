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

/** The rows of the Stream by key, and what those stand for that are more than one record. */
interface StreamOrder {
  readonly order: readonly string[];
  readonly retries: ReadonlyMap<string, Retries>;
}

/** Records that are looked at between two looks at the clock. */
const BLOCK = 1_024;

/** Newest first, or reversed; equal retries as one row where the operator wants that. */
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

/** An event's key is its number since the start, which it keeps while newer ones come; one without a time stays beside its neighbour. */
function* recordsOf(state: State, traffic: Traffic, whole: Traffic): Work<readonly StreamRecord[]> {
  const test = streamTest(state, traffic, whole);
  const { recent } = traffic;
  const found: StreamRecord[] = [];
  let at = Number.POSITIVE_INFINITY;
  const [first, all] = [recent.firstNumber, recent.length];
  for (let number = first + all - 1; number >= first; number -= 1) {
    const event = recent.at(number - recent.firstNumber); // records may come, and go, meanwhile
    at = event?.at ?? at;
    if (event && test(event)) found.push({ key: String(number), at, event });
    if (number % BLOCK === 0) yield (first + all - number) / all / 2;
  }
  return found.sort((one, other) => other.at - one.at || 0);
}

/** Whether the filter lets a record through. `new:` asks when its host was first seen in all that was read, `new:agent` whether the host is new to its agent. */
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

/** Whether so many machines asked for the record's host as `machines:` wants, by the counters. */
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

/** The event behind a stream row, the newest where it stands for several; null when it made room for newer ones. */
export const eventOfKey = (
  key: string | null,
  { recent }: Traffic,
  retries?: ReadonlyMap<string, Retries>,
): EgressEvent | null =>
  key === null ? null : (retries?.get(key)?.newest ?? recent.at(Number(key) - recent.firstNumber) ?? null);
