import { parseFilter, SCREEN_FILTER_KEYS } from '../../core/filter.ts';
import type { Suggestion } from '../../core/suggest/suggestion.ts';
import { quoted } from '../keys/complete.ts';
import { ruleEntry } from '../state/drafted-policy.ts';
import { entryKey, textOfKey } from '../state/entry-key.ts';
import { fuzzyWords } from '../lists/name-match.ts';
import { eventOfKey } from '../lists/stream-order.ts';
import { cursorIndex } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { ScreenName } from '../state/screen.ts';
import type { Page } from '../state/page.ts';
import type { Filter } from '../state/prompt.ts';
import { foldTurned } from './on-page/fold.ts';
import type { Context } from './step.ts';

/**
 * Enter: opens the page of a host or an event. On a tool or an agent it shows its hosts or records, on an entry the hosts that it covers.
 */
export function opened(state: State, context: Context): State {
  const page = state.pages.at(-1);
  if (page) {
    const turned = foldTurned(state, context);
    if (turned) return turned;
    // on a fact, Enter opens the first event below it
    const found = context.view.page
      .slice(context.view.pageCursor)
      .find(({ event, journal }) => event || journal);
    if (found?.journal)
      return pushed(state, { type: 'journal-record', name: found.journal.name, cursor: 0, top: 0 });
    return found?.event ? pushed(state, { type: 'event', event: found.event, cursor: 0, top: 0 }) : state;
  }
  const key = context.view.order.at(cursorIndex(state, context.view.order));
  return key === undefined ? state : openedRow(state, key, context);
}

function openedRow(state: State, key: string, context: Context): State {
  switch (state.screen) {
    case 'hosts':
    case 'denied':
      return pushed(state, { type: 'host', host: key, cursor: 0, top: 0 });
    case 'tools':
      return narrowed(
        state,
        `tool:${quoted(key)}`,
        context.traffic.tools.get(key)?.counts.total === 0 ? 'stream' : 'hosts',
      );
    case 'agents':
      return narrowed(state, `agent:${quoted(key)}`);
    case 'stream': {
      const event = eventOfKey(key, context.traffic, context.view.retries);
      return event ? pushed(state, { type: 'event', event, cursor: 0, top: 0 }) : state;
    }
    case 'policy':
      return narrowed(state, hostsBelow(ruleHost(state, key) ?? textOfKey(key)));
    case 'machines':
      return narrowed(state, `machine:${quoted(key)}`);
    case 'suggest': {
      const found = context.view.suggested.find(key)?.suggestion;
      return found ? narrowed(state, hostsOf(found)) : state;
    }
  }
}

/** The host of the memory rule with this key; null for an entry of the file. */
const ruleHost = ({ asks }: State, key: string): string | null =>
  asks.rules.find(shown => entryKey(ruleEntry(shown)) === key)?.rule.host ?? null;

/** The most names in a query. */
const NAMES_IN_QUERY = 50;

/** A query for the hosts of a suggestion. For too many, a query for the names of its entry. */
const hostsOf = ({ rows, change }: Suggestion): string =>
  rows.length > 0 && rows.length <= NAMES_IN_QUERY
    ? `host:${rows.map(({ name }) => quoted(name)).join(',')}`
    : hostsBelow(change.entry);

/** A query for the hosts of an entry. */
const hostsBelow = (entry: string): string =>
  entry.startsWith('.') ? `host:${quoted(entry.slice(1))},${quoted(`*${entry}`)}` : `host:${quoted(entry)}`;

const pushed = (state: State, page: Page): State => ({ ...state, pages: [...state.pages, page] });

/** Goes to a screen with a filter. Esc comes back. The cursor stays on its row if that is visible, else it is on the first. */
function narrowed(state: State, text: string, screen: ScreenName = 'hosts'): State {
  const narrowed = filterOf(text);
  const from = { screen: state.screen, filter: state.filter, narrowed };
  const lists = { ...state.lists, [screen]: { ...state.lists[screen], index: 0, top: 0 } };
  return { ...state, lists, screen, filter: narrowed, trail: [...state.trail, from] };
}

/**
 * A filter from a query. An invalid query keeps its text, so that the operator can correct it. Only the part before the mistake filters.
 */
export function filterOf(text: string): Filter {
  const parsed = parseFilter(text, SCREEN_FILTER_KEYS);
  if (parsed.type === 'valid') return withTerms(text, parsed.terms, null);
  const { terms } = filterOf(text.slice(0, parsed.error.offset));
  return withTerms(text, terms, parsed.error.why);
}

const withTerms = (text: string, terms: Filter['terms'], error: string | null): Filter => ({
  text,
  terms,
  error,
  isRanked: fuzzyWords(terms).length > 0,
});
