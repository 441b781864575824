import { eventTest } from '../core/filter.ts';
import type { EgressEvent } from '../core/event.ts';
import type { Traffic } from '../core/traffic.ts';
import { collapsed, type Retries, type StreamRecord } from './retries.ts';
import { asksPolicy, rulingTest } from './ruling-filter.ts';
import type { State } from './state.ts';

/** The rows of the Stream by key, and what those stand for that are more than one record. */
export interface StreamOrder {
  readonly keys: readonly string[];
  readonly retries: ReadonlyMap<string, Retries>;
}

/** Newest first, or reversed; equal retries as one row where the operator wants that. */
export function streamOrder(state: State, traffic: Traffic): StreamOrder {
  const records = recordsOf(state, traffic);
  const { keys, retries } = state.collapsesRetries
    ? collapsed(records)
    : { keys: records.map(({ key }) => key), retries: new Map<string, Retries>() };
  return { keys: state.lists.stream.isReversed ? keys.toReversed() : keys, retries };
}

/** An event's key is its number since the start, which it keeps while newer ones come; one without a time stays beside its neighbour. */
function recordsOf(state: State, { recent }: Traffic): readonly StreamRecord[] {
  const { filter, now } = state;
  const isKept = eventTest(
    filter.terms.filter(term => !asksPolicy(term)),
    now,
  );
  const [isRuled, isPolicyAsked] = [rulingTest(state), filter.terms.some(asksPolicy)];
  const test = (event: EgressEvent): boolean =>
    isKept(event) && (!isPolicyAsked || (event.verdict !== null && isRuled(event)));
  const found: StreamRecord[] = [];
  let at = Number.POSITIVE_INFINITY;
  for (let index = recent.length - 1; index >= 0; index -= 1) {
    const event = recent.at(index);
    at = event?.at ?? at;
    if (event && (filter.terms.length === 0 || test(event)))
      found.push({ key: String(recent.firstNumber + index), at, event });
  }
  return found.sort((one, other) => other.at - one.at || 0);
}

/** The event behind a stream row, the newest where it stands for several; null when it made room for newer ones. */
export const eventOfKey = (
  key: string | null,
  { recent }: Traffic,
  retries?: ReadonlyMap<string, Retries>,
): EgressEvent | null =>
  key === null ? null : (retries?.get(key)?.newest ?? recent.at(Number(key) - recent.firstNumber) ?? null);
