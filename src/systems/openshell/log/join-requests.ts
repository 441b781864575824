import type { EgressEvent } from '../../../core/event.ts';
import type { RequestJoin } from '../../system.ts';
import { isConnection, isInnerRequest, namesPort } from './decode.ts';

/** A request comes within this time behind its connection, by the records' own times. */
const WAIT_MS = 10_000;
/** So many connections wait at once; the oldest is let go then. */
const MOST_WAITING = 1_000;

/**
 * An inspected request writes two records: its connection was allowed, and then its own ruling. The connection waits for the first
 * request to its host. It is then info, and the request is the decision, by the process of the connection. A connection without a
 * request is a decision itself.
 */
export function joinRequests(): RequestJoin {
  let waiting: EgressEvent[] = [];
  const release = (isDue: (event: EgressEvent, index: number) => boolean): readonly EgressEvent[] => {
    const due = waiting.filter(isDue);
    if (due.length > 0) waiting = waiting.filter((event, index) => !isDue(event, index));
    return due;
  };
  return {
    add: event => {
      const { at } = event;
      const late = at === null ? [] : release(({ at: then }) => then !== null && at - then > WAIT_MS);
      if (isConnection(event)) {
        waiting.push(event);
        return [...late, ...release((_, index) => index < waiting.length - MOST_WAITING)];
      }
      const first = isInnerRequest(event) ? connectionOf(event, waiting) : undefined;
      if (!first) return [...late, event];
      waiting = waiting.filter(other => other !== first);
      return [...late, { ...first, verdict: null }, ruledOn(event, first)];
    },
    rest: () => release(() => true),
  };
}

/** The oldest connection to the host and the port of the request; to any port of the host only where the request leaves its port open. */
function connectionOf(request: EgressEvent, waiting: readonly EgressEvent[]): EgressEvent | undefined {
  const toHost = waiting.filter(({ host }) => host === request.host);
  const mayBe = (port: number | null): boolean => port === null || !namesPort(request);
  return toHost.find(({ port }) => port === request.port) ?? toHost.find(({ port }) => mayBe(port));
}

/** A request that is let through has no verdict by itself. */
const ruledOn = (request: EgressEvent, { tool }: EgressEvent): EgressEvent => ({
  ...request,
  verdict: request.verdict ?? 'allow',
  tool: request.tool ?? tool,
});
