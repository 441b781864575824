import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describeFailure } from './dial.ts';
import { authorityOf, exchangeFields, readExchange, type Exchange } from './exchange.ts';
import { endToEnd, fieldsOf, type Fields } from './fields.ts';
import { attemptFields, type Mediation } from './mediation.ts';
import { unlessUnrecorded, unrecordedBy } from './unrecorded.ts';
import type { Upgraded } from './origin.ts';
import { refusalMessage } from './refusal.ts';
import { routeRequest, type Route } from './serve-request.ts';
import type { Session } from './session.ts';
import { splice } from './splice.ts';
import { fieldOf } from './vet-head.ts';

/** What a client sent to switch protocols: the request, its socket, and the bytes behind the head. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** Serves a WebSocket handshake (RFC 6455): ruled on like any request, then spliced. Other protocols are refused. Never rejects. */
export async function serveUpgrade(
  mediation: Mediation,
  session: Session,
  client: UpgradeRequest,
): Promise<void> {
  const { request, socket } = client;
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
    socket.end(refusalMessage({ status: 400, host, reason, nearest: null }));
    return;
  }
  const route = await routeRequest(mediation, session, read.exchange);
  if (route.type === 'refused') {
    mediation.record({ ...route.record, ...exchangeFields(read.exchange) });
    socket.end(refusalMessage(route.refusal));
    return;
  }
  const { exchange } = read;
  await mediation.live.during(exchange, route, origin =>
    switchProtocols(mediation, exchange, { ...route, origin }, client),
  );
}

async function switchProtocols(
  mediation: Mediation,
  exchange: Exchange,
  { origin, connected }: Extract<Route, { type: 'origin' }>,
  client: UpgradeRequest,
): Promise<void> {
  const abandoned = new AbortController();
  const leave = (): void => abandoned.abort();
  client.socket.once('close', leave);
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
    await carry(mediation, exchange, upgraded, client);
  } catch (error) {
    const reason = unrecordedBy(abandoned.signal) ?? describeFailure(error);
    record(mediation, exchange, { error: reason });
    client.socket.end(
      refusalMessage({ status: 502, host: exchange.destination.host, reason, nearest: null }),
    );
  }
}

async function carry(
  mediation: Mediation,
  exchange: Exchange,
  upgraded: Upgraded,
  { socket, head }: UpgradeRequest,
): Promise<void> {
  if (upgraded.type === 'answered') {
    const { response } = upgraded;
    record(mediation, exchange, { status: response.status });
    socket.write(
      headOf(response.status, response.statusText, [...endToEnd(response.fields), ['Connection', 'close']]),
    );
    response.body.pipe(socket);
    return;
  }
  let bytes = 0;
  const switched: Fields = [
    ...endToEnd(upgraded.fields),
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
  ];
  socket.write(headOf(101, 'Switching Protocols', switched));
  socket.unshift(head);
  upgraded.socket.unshift(upgraded.head);
  const moved = (count: number): void => {
    bytes += count;
    if (mediation.meter.add(exchange.caller.agent, count)) socket.destroy();
  };
  await splice(socket, upgraded.socket, moved);
  record(mediation, exchange, { status: 101, bytes });
}

const headOf = (status: number, text: string, fields: Fields): string =>
  [`HTTP/1.1 ${status} ${text}`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');

const record = (mediation: Mediation, exchange: Exchange, outcome: object): string | null =>
  mediation.record({
    event: 'egress_request',
    ...exchangeFields(exchange),
    ...outcome,
    duration_ms: Math.round(mediation.now() - exchange.startedAt),
    mitm: exchange.scheme === 'https',
  });
