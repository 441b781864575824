import { handledTest } from '../lists/denied-left.ts';
import { cursorIndex } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { Context } from './step.ts';

/** The most rows that are searched for the next denied host. Without a hit the cursor keeps its line. */
const REACH = 1_000;

/**
 * Moves the cursor of Denied to the next unhandled host, if the host under it was just handled. A handled host moves to the end of the
 * list, and the cursor must not follow it. After the last host the cursor goes to the one before.
 */
export function nextDenied(before: State, after: State, context: Context): State {
  const isSame = before.dismissed === after.dismissed && before.policy?.policy === after.policy?.policy;
  const list = after.lists.denied;
  if (isSame || list.key === null || after.filter.isRanked) return after;
  const [wasHandled, isHandled] = [rowTest(before, context), rowTest(after, context)];
  if (wasHandled(list.key) || !isHandled(list.key)) return after;
  const key = before.screen === 'denied' ? neighbour(before, context, { wasHandled, isHandled }) : null;
  return { ...after, lists: { ...after.lists, denied: { ...list, key } } };
}

type HostTest = (host: string) => boolean;

function rowTest(state: State, { traffic }: Context): HostTest {
  const test = handledTest(state);
  return host => {
    const row = traffic.hosts.get(host);
    return row !== undefined && test(row);
  };
}

/** The nearest unhandled host below the cursor, else above it; null if none is near. */
function neighbour(
  state: State,
  { view: { order } }: Context,
  { wasHandled, isHandled }: { readonly wasHandled: HostTest; readonly isHandled: HostTest },
): string | null {
  const index = cursorIndex(state, order);
  for (const host of order.slice(index + 1, index + 1 + REACH)) {
    if (wasHandled(host)) break; // only handled hosts follow
    if (!isHandled(host)) return host;
  }
  return order.slice(Math.max(0, index - REACH), index).findLast(host => !isHandled(host)) ?? null;
}
