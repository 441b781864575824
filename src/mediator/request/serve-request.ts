import { admit } from '../admit.ts';
import type { Asker } from '../ask/asker.ts';
import { answerRefusal } from './answer.ts';
import type { PermitRecorder } from './exchange-records.ts';
import {
  exchangeFields,
  readExchange,
  type AnyRequest,
  type AnyResponse,
  type Exchange,
} from './exchange.ts';
import { fieldsOf, forwardsLeft } from './fields.ts';
import { forward } from './forward.ts';
import { attemptFields } from '../caller.ts';
import type { Mediation } from '../mediation.ts';
import { meterExchange } from './meter-exchange.ts';
import type { OriginClient } from '../origin/origin-client.ts';
import { ruleReach, type Reach } from '../origin/reach.ts';
import type { ResolvedTarget } from '../origin/resolver.ts';
import type { Refusal } from './refusal.ts';
import { isSameDestination } from './request-target.ts';
import { ruleAttempt } from '../rule-attempt.ts';
import type { ClientSession } from '../client-session.ts';
import { allowRecord, denialRecord } from '../tunnel/tunnel-record.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';

/** How a request goes on: to an origin, or to a refusal with its record. */
export type Route =
  | {
      readonly type: 'origin';
      readonly origin: OriginClient;
      readonly connected: PermitRecorder;
      /** The addresses it goes to; null where the request's own tunnel answers for them. */
      readonly resolved: ResolvedTarget | null;
    }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly record: TunnelRecord };

/** A request that is to be ruled on, and how it is noticed that its client leaves while it waits for that. */
export interface OpenRequest extends Pick<Asker, 'whileHeld'> {
  readonly exchange: Exchange;
}

/** Serves one request of a session: reads it, rules on it, forwards or refuses it. Never rejects. */
export async function serveRequest(
  mediation: Mediation,
  session: ClientSession,
  { request, response }: { readonly request: AnyRequest; readonly response: AnyResponse },
): Promise<void> {
  if (session.tunnel?.requested() === false) return;
  const read = readExchange(mediation, session, request);
  if (read.type === 'refused') {
    const { host, reason, caller } = read;
    mediation.record({ event: 'egress_deny', ...attemptFields(host, caller), reason, signal: 'denied' });
    answerRefusal(response, { status: 400, host, reason, nearest: null });
    return;
  }
  const { exchange } = read;
  const whileHeld = (left: () => void): (() => void) => {
    const socket = 'stream' in request ? null : request.socket; // its end, too: nobody is asked for a client that may be gone
    response.once('close', left);
    socket?.once('end', left);
    return () => {
      response.removeListener('close', left);
      socket?.removeListener('end', left);
    };
  };
  const route = await routeRequest(mediation, session, { exchange, whileHeld });
  if (route.type === 'refused') {
    mediation.record({ ...route.record, ...exchangeFields(exchange) });
    answerRefusal(response, route.refusal);
    return;
  }
  if (forwardsLeft(exchange.method, fieldsOf(request.rawHeaders)) === 0) {
    const reason = 'Max-Forwards is 0: no proxy may pass the request on';
    mediation.record({ event: 'egress_deny', ...exchangeFields(exchange), reason, signal: 'denied' });
    answerRefusal(response, { status: 405, host: exchange.destination.host, reason, nearest: null });
    return;
  }
  const { connected } = route;
  const moved = meterExchange(mediation, { session, exchange }, response);
  await mediation.live.during(mediation, { ...route, exchange }, origin =>
    forward({ mediation, exchange, origin, connected, moved, gone: session.gone }, request, response),
  );
}

/** Rules on a request: its tunnel's host was ruled on and is only asked for again; any other host is an attempt of its own. */
export async function routeRequest(
  mediation: Mediation,
  session: ClientSession,
  { exchange, whileHeld }: OpenRequest,
): Promise<Route> {
  const { tunnel } = session;
  const refused = admit(mediation, exchange.caller);
  if (refused) return refusedRoute(exchange, refused, refused.record);
  if (tunnel && isSameDestination(tunnel.to, exchange.destination)) {
    if (tunnel.broken !== null) return brokenRoute(exchange, tunnel.broken);
    const ruling = ruleAttempt(mediation.rules(tunnel.caller), tunnel.to, tunnel.resolved);
    if (ruling.type === 'permit')
      return { type: 'origin', origin: tunnel.origin, connected: () => null, resolved: null };
    return deniedRoute(exchange, ruling);
  }
  const { destination, caller, url, method } = exchange;
  const reach = await ruleReach(mediation, destination, { caller, url, method, whileHeld });
  return reach.type === 'permitted'
    ? permittedRoute(mediation, { session, exchange }, reach)
    : deniedRoute(exchange, reach);
}

function permittedRoute(
  mediation: Mediation,
  { session, exchange }: { readonly session: ClientSession; readonly exchange: Exchange },
  reach: Extract<Reach, { type: 'permitted' }>,
): Route {
  const { scheme, destination, caller } = exchange;
  // A host listed for passthrough is never opened, and this request already is.
  if (scheme === 'https' && reach.permit.interception !== 'intercepted')
    return misdirected(exchange, `${destination.host} is not intercepted: open a tunnel of its own`);
  const to = destination;
  const { origin, resolved, permit } = session.origins.for(mediation, { scheme, to, caller }, reach);
  const connected = (dst: string): string | null =>
    mediation.record({
      ...allowRecord(permit, dst, scheme === 'https' ? 'intercepted' : 'cleartext'),
      ...exchangeFields(exchange),
    });
  return { type: 'origin', origin, connected, resolved };
}

function deniedRoute(exchange: Exchange, denied: Exclude<Reach, { type: 'permitted' }>): Route {
  if (denied.type === 'unresolved') {
    const { error } = denied;
    return refusedRoute(
      exchange,
      { status: 502, reason: error },
      { event: 'egress_fetch_error', stage: 'resolve', error },
    );
  }
  const route = refusedRoute(exchange, { status: 403, reason: denied.reason }, denialRecord(denied, null));
  return { ...route, refusal: { ...route.refusal, nearest: denied.nearest?.why ?? null } };
}

const misdirected = (exchange: Exchange, reason: string): Route =>
  refusedRoute(
    exchange,
    { status: 421, reason },
    { event: 'egress_deny', reason, signal: 'name-destination-mismatch' },
  );

/** The failed origin has its record already; the request adds what was asked for. */
const brokenRoute = (exchange: Exchange, error: string): Route =>
  refusedRoute(exchange, { status: 502, reason: error }, { event: 'egress_request', status: 502, error });

function refusedRoute(
  { destination }: Exchange,
  { status, reason }: { readonly status: number; readonly reason: string },
  record: TunnelRecord,
): Extract<Route, { type: 'refused' }> {
  return { type: 'refused', refusal: { status, host: destination.host, reason, nearest: null }, record };
}
