import type { EgressEvent } from '../../../core/event.ts';
import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import { MISSING } from '../../../core/traffic/traffic-row.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import { cursorIndex } from '../../lists/order.ts';
import { eventOfKey } from '../../lists/stream-order.ts';
import { editedPolicy, judging } from '../../state/drafted-policy.ts';
import { entryKey, textOfKey } from '../../state/entry-key.ts';
import type { State } from '../../state/state.ts';
import type { Context } from '../step.ts';

/** The things that the cursor's row is about, as far as they are known. */
export interface UnderCursor {
  readonly event: EgressEvent | null;
  readonly host: string | null;
  readonly agent: string | null;
  readonly tool: string | null;
  /** The entry at the cursor, else the one that decides the host or the event. */
  readonly entry: Pick<Entry, 'list' | 'text'> | null;
}

const NOTHING: UnderCursor = { event: null, host: null, agent: null, tool: null, entry: null };

/** Finds the things at the cursor of a list or a page. */
export function underCursor(state: State, context: Context): UnderCursor {
  const page = state.pages.at(-1);
  if (!page) return onList(state, context);
  const event =
    context.view.page[context.view.pageCursor]?.event ?? (page.type === 'event' ? page.event : null);
  if (event) return ofEvent(event, state);
  return page.type === 'host' ? ofHost(page.host, state, context) : NOTHING;
}

function onList(state: State, context: Context): UnderCursor {
  const { view, traffic } = context;
  const key = view.order.at(cursorIndex(state, view.order));
  if (key === undefined) return NOTHING;
  switch (state.screen) {
    case 'hosts':
    case 'denied':
      return ofHost(key, state, context);
    case 'tools':
      return { ...NOTHING, tool: named(key) };
    case 'agents':
      return { ...NOTHING, agent: named(key) };
    case 'stream': {
      const event = eventOfKey(key, traffic, view.retries);
      return event ? ofEvent(event, state) : NOTHING;
    }
    case 'policy': {
      const entry = editedPolicy(state)?.entries.find(found => entryKey(found) === key);
      return { ...NOTHING, entry: entry ?? { list: 'allow', text: textOfKey(key) } };
    }
    case 'suggest': {
      const change = view.suggested.find(key)?.suggestion.change;
      return { ...NOTHING, entry: change ? { list: change.list, text: change.entry } : null };
    }
    case 'machines':
      return NOTHING;
  }
}

function ofHost(name: string, state: State, { traffic }: Context): UnderCursor {
  const row = traffic.hosts.get(name);
  const lead = (names: Iterable<string> | undefined): string | null =>
    [...(names ?? [])].find(found => found !== MISSING) ?? null;
  return {
    event: null,
    host: named(name),
    agent: lead(row?.agents.ranked().map(([found]) => found)),
    tool: lead(row?.tools.ranked().map(([found]) => found)),
    entry: deciding(attemptOf(row ?? { name, address: null }), state),
  };
}

const ofEvent = (event: EgressEvent, state: State): UnderCursor => ({
  event,
  host: event.host,
  agent: event.agent,
  tool: event.tool,
  entry: event.verdict === null ? null : deciding(event, state),
});

const named = (key: string): string | null => (key === MISSING ? null : key);

const deciding = (attempt: Attempt, state: State): Entry | null =>
  attempt.host === null ? null : (state.policy?.policy?.judge(attempt, judging(state)).entry ?? null);
