import type { EgressEvent } from '../../../core/event.ts';
import type { RequestJoin } from '../../system.ts';
import { isConnection, isInnerRequest, namesPort } from './decode.ts';

/** The longest time between a connection and its request, by the records' times. */
const WAIT_MS = 10_000;
/** The most connections that wait at once. Above it the oldest becomes a decision. */
const MOST_WAITING = 1_000;

/**
 * An inspected request writes two records: its connection was allowed, and the ruling on the request. The connection waits for the first
 * request to its host. Then the connection has no verdict, and the request is the decision, with the connection's process as its tool. A
 * connection without a request is a decision.
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

/** The oldest connection to the request's host and port. If the request names no port, any port of the host matches. */
function connectionOf(request: EgressEvent, waiting: readonly EgressEvent[]): EgressEvent | undefined {
  const toHost = waiting.filter(({ host }) => host === request.host);
  const mayBe = (port: number | null): boolean => port === null || !namesPort(request);
  return toHost.find(({ port }) => port === request.port) ?? toHost.find(({ port }) => mayBe(port));
}

/** The request as a decision. A request that was let through has no verdict by itself. */
const ruledOn = (request: EgressEvent, { tool }: EgressEvent): EgressEvent => ({
  ...request,
  verdict: request.verdict ?? 'allow',
  tool: request.tool ?? tool,
});
