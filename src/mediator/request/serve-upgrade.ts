import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { watchSocket } from '../ask/asker.ts';
import { carryUpgraded, passAnswer, type UpgradedClient } from './carry-upgrade.ts';
import { describeFailure } from '../origin/dial.ts';
import { authorityOf, exchangeFields, readExchange, type Exchange } from './exchange.ts';
import { recordAnswer, recordRequest, unlessUnrecorded, unrecordedBy } from './exchange-records.ts';
import { endToEnd, fieldsOf } from './fields.ts';
import { hangUp } from '../hang-up.ts';
import { attemptFields } from '../caller.ts';
import type { Mediation } from '../mediation.ts';
import { meterExchange } from './meter-exchange.ts';
import { refusalMessage } from './refusal.ts';
import { routeRequest, type Route } from './serve-request.ts';
import type { ClientSession } from '../client-session.ts';
import { fieldOf } from './vet-head.ts';

/** A client's wish to switch protocols: the request, its socket, and the bytes behind the head. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** Serves a WebSocket handshake (RFC 6455): ruled on like any request, then relayed. Other protocols are refused. Never rejects. */
export async function serveUpgrade(
  mediation: Mediation,
  session: ClientSession,
  client: UpgradeRequest,
): Promise<void> {
  const { request, socket } = client;
  socket.setTimeout(mediation.limits.idleTimeoutMs, () => socket.destroy()); // Node took its own away
  if (session.tunnel?.requested() === false) return;
  const read = readExchange(mediation, session, request);
  if (read.type === 'refused') return refuse(mediation, socket, read);
  const { exchange } = read;
  if (fieldOf(request.rawHeaders, 'upgrade')?.toLowerCase() !== 'websocket') {
    const { destination, caller } = exchange;
    return refuse(mediation, socket, {
      host: destination.host,
      caller,
      reason: 'an upgrade to no WebSocket',
    });
  }
  const route = await routeRequest(mediation, session, {
    exchange,
    whileHeld: left => watchSocket(socket, left),
  });
  if (route.type === 'refused') {
    mediation.record({ ...route.record, ...exchangeFields(exchange) });
    return hangUp(socket, refusalMessage(route.refusal));
  }
  const moved = meterExchange(mediation, { session, exchange }, socket);
  await mediation.live.during(mediation, { ...route, exchange }, origin =>
    switchProtocols(mediation, { ...route, exchange, origin }, { ...client, moved }),
  );
}

type Refused = Omit<Extract<ReturnType<typeof readExchange>, { readonly type: 'refused' }>, 'type'>;

/** Refuses a request that does not ask for a WebSocket. */
function refuse(mediation: Mediation, socket: Socket, { host, caller, reason }: Refused): void {
  const attempt = attemptFields(host, caller);
  mediation.record({ event: 'egress_deny', ...attempt, reason, signal: 'unmediatable-protocol' });
  hangUp(socket, refusalMessage({ status: 400, host, reason, nearest: null }));
}

async function switchProtocols(
  mediation: Mediation,
  { exchange, origin, connected }: Extract<Route, { type: 'origin' }> & { readonly exchange: Exchange },
  client: UpgradeRequest & UpgradedClient,
): Promise<void> {
  const abandoned = new AbortController();
  const leave = (): void => abandoned.abort();
  client.socket.once('close', leave);
  if (client.socket.destroyed) leave();
  try {
    const order = handshakeOf(exchange, client.request);
    const signals = { signal: abandoned.signal, connected: unlessUnrecorded(connected, abandoned) };
    const upgraded = await origin.upgrade({ ...order, ...signals }, 'websocket');
    client.socket.removeListener('close', leave);
    if (upgraded.type === 'answered') {
      requireRecorded(recordRequest(mediation, exchange, { status: upgraded.response.status }));
      await passAnswer(upgraded.response, client.socket);
    } else {
      recordSwitch(mediation, exchange, upgraded.socket);
      const bytes = await carryUpgraded(upgraded, client, mediation.limits.idleTimeoutMs);
      recordRequest(mediation, exchange, { status: 101, bytes });
    }
  } catch (error) {
    const reason = unrecordedBy(abandoned.signal) ?? describeFailure(error);
    recordRequest(mediation, exchange, { error: reason });
    const { host } = exchange.destination;
    hangUp(client.socket, refusalMessage({ status: 502, host, reason, nearest: null }));
  }
}

/** The handshake as the origin is sent it. */
function handshakeOf({ method, path, scheme, destination }: Exchange, { rawHeaders }: IncomingMessage) {
  const fields = endToEnd(fieldsOf(rawHeaders)).filter(([name]) => name.toLowerCase() !== 'host');
  return { method, path, scheme, authority: authorityOf(scheme, destination), fields, body: null };
}

/** Records the switch before the 101 goes out, so that the log has the answer however long the connection lasts. */
function recordSwitch(mediation: Mediation, exchange: Exchange, origin: Socket): void {
  const why = recordAnswer(mediation, exchange, 101);
  if (why !== null) origin.destroy();
  requireRecorded(why);
}

/** Throws where strict mode could not record the answer. */
function requireRecorded(why: string | null): void {
  if (why !== null) throw new Error(why);
}
