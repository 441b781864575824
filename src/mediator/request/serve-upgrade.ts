import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { carryUpgraded, passAnswer } from './carry-upgrade.ts';
import { describeFailure } from '../origin/dial.ts';
import { authorityOf, exchangeFields, readExchange, type Exchange } from './exchange.ts';
import { endToEnd, fieldsOf } from './fields.ts';
import { hangUp } from '../hang-up.ts';
import { attemptFields, type Mediation } from '../mediation.ts';
import { meterExchange } from './meter-exchange.ts';
import { unlessUnrecorded, unrecordedBy } from './unrecorded.ts';
import { refusalMessage } from './refusal.ts';
import { routeRequest, type Route } from './serve-request.ts';
import type { Session } from '../session.ts';
import { fieldOf } from './vet-head.ts';

/** What a client sent to switch protocols: the request, its socket, and the bytes behind the head. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** One that was let through. */
export interface PermittedUpgrade extends UpgradeRequest {
  /** Told of every chunk, in both directions. */
  readonly moved: (bytes: number) => void;
}

/** Serves a WebSocket handshake (RFC 6455): ruled on like any request, then spliced. Other protocols are refused. Never rejects. */
export async function serveUpgrade(
  mediation: Mediation,
  session: Session,
  client: UpgradeRequest,
): Promise<void> {
  const { request, socket } = client;
  socket.setTimeout(mediation.limits.idleTimeoutMs, () => socket.destroy()); // Node took its own away
  if (session.tunnel?.requested() === false) return;
  const read = readExchange(mediation, session, request);
  const isWebSocket = fieldOf(request.rawHeaders, 'upgrade')?.toLowerCase() === 'websocket';
  if (read.type === 'refused' || !isWebSocket) {
    const { host, caller, reason } =
      read.type === 'refused'
        ? read
        : {
            host: read.exchange.destination.host,
            caller: read.exchange.caller,
            reason: 'an upgrade to no WebSocket',
          };
    mediation.record({
      event: 'egress_deny',
      ...attemptFields(host, caller),
      reason,
      signal: 'unmediatable-protocol',
    });
    hangUp(socket, refusalMessage({ status: 400, host, reason, nearest: null }));
    return;
  }
  const route = await routeRequest(mediation, session, read.exchange);
  if (route.type === 'refused') {
    mediation.record({ ...route.record, ...exchangeFields(read.exchange) });
    hangUp(socket, refusalMessage(route.refusal));
    return;
  }
  const { exchange } = read;
  const moved = meterExchange(mediation, session, exchange, socket);
  await mediation.live.during(mediation, exchange, route, origin =>
    switchProtocols(mediation, exchange, { ...route, origin }, { ...client, moved }),
  );
}

async function switchProtocols(
  mediation: Mediation,
  exchange: Exchange,
  { origin, connected }: Extract<Route, { type: 'origin' }>,
  client: PermittedUpgrade,
): Promise<void> {
  const abandoned = new AbortController();
  const leave = (): void => abandoned.abort();
  client.socket.once('close', leave);
  if (client.socket.destroyed) leave();
  try {
    const { method, path, scheme, destination } = exchange;
    const authority = authorityOf(scheme, destination);
    const fields = endToEnd(fieldsOf(client.request.rawHeaders)).filter(
      ([name]) => name.toLowerCase() !== 'host',
    );
    const { signal } = abandoned;
    const upgraded = await origin.upgrade(
      {
        method,
        path,
        scheme,
        authority,
        fields,
        body: null,
        signal,
        connected: unlessUnrecorded(connected, abandoned),
      },
      'websocket',
    );
    client.socket.removeListener('close', leave);
    if (upgraded.type === 'answered') {
      requireRecorded(record(mediation, exchange, { status: upgraded.response.status }));
      await passAnswer(upgraded.response, client.socket);
    } else {
      recordSwitch(mediation, exchange, upgraded.socket);
      const bytes = await carryUpgraded(upgraded, client, mediation.limits.idleTimeoutMs);
      record(mediation, exchange, { status: 101, bytes });
    }
  } catch (error) {
    const reason = unrecordedBy(abandoned.signal) ?? describeFailure(error);
    record(mediation, exchange, { error: reason });
    hangUp(
      client.socket,
      refusalMessage({ status: 502, host: exchange.destination.host, reason, nearest: null }),
    );
  }
}

/** Written before the 101 goes out: what is said from then on is behind an answer that the log has, however long it lasts. */
function recordSwitch(mediation: Mediation, exchange: Exchange, origin: Socket): void {
  const mitm = exchange.scheme === 'https';
  const why = mediation.record({ event: 'egress_answer', ...exchangeFields(exchange), status: 101, mitm });
  if (why !== null) origin.destroy();
  requireRecorded(why);
}

/** Strict mode passes nothing on that could not be recorded. */
function requireRecorded(why: string | null): void {
  if (why !== null) throw new Error(why);
}

const record = (mediation: Mediation, exchange: Exchange, outcome: object): string | null =>
  mediation.record({
    event: 'egress_request',
    ...exchangeFields(exchange),
    ...outcome,
    duration_ms: Math.round(mediation.now() - exchange.startedAt),
    mitm: exchange.scheme === 'https',
  });
