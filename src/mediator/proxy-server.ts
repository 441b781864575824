import {
  createServer as createHttp1,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { attemptFields, NOBODY, readCaller } from './caller.ts';
import { readAuthority } from './origin/destination.ts';
import { hangUp } from './hang-up.ts';
import { LONGEST_HEAD } from './limits.ts';
import type { Mediation } from './mediation.ts';
import { refusalMessage } from './request/refusal.ts';
import { readPlainConnect } from './request/read-plain-connect.ts';
import { refuseRequest, UNMET_EXPECTATION } from './request/refuse-request.ts';
import { serveHttp2 } from './request/serve-http2.ts';
import { serveRequest } from './request/serve-request.ts';
import { serveUpgrade } from './request/serve-upgrade.ts';
import { Roster } from './roster.ts';
import { Sessions, type OpenedTunnel } from './client-session.ts';
import { SOCKS_VERSION } from './socks/read-socks.ts';
import { SOCKS_ANSWERS } from './socks/socks-answers.ts';
import { SocksHandshake, type SocksOutcome } from './socks/socks-handshake.ts';
import { CONNECT_ANSWERS } from './tunnel/tunnel-answers.ts';
import { type ConnectRequest, TunnelConnection } from './tunnel/tunnel-connection.ts';
import { fieldOf, vetHead } from './request/vet-head.ts';

/** How often half-sent request heads are looked for. */
const HEAD_CHECK_MS = 500;

/** The proxy's HTTP side: takes client connections, and the decrypted sides of tunnels, through one strict parser. */
export class ProxyServer {
  readonly server: Server;
  readonly #tunnels = new Roster<TunnelConnection>();
  readonly #mediation: Mediation;
  readonly #sessions = new Sessions();
  readonly #clients = new Roster<Socket>();
  /** The newest answer on each connection. */
  readonly #answers = new WeakMap<Socket, ServerResponse>();
  /** Node's own: reads a connection as HTTP. */
  readonly #readHttp: (socket: Socket) => void;

  constructor(mediation: Mediation) {
    const { headTimeoutMs, idleTimeoutMs } = mediation.limits;
    this.#mediation = mediation;
    this.server = createHttp1({
      requireHostHeader: false, // vetted here, with a record
      insecureHTTPParser: false,
      maxHeaderSize: LONGEST_HEAD,
      headersTimeout: headTimeoutMs,
      requestTimeout: 0, // uploads take as long as they take; a stalled one is idle
      connectionsCheckingInterval: HEAD_CHECK_MS,
      noDelay: true,
      shouldUpgradeCallback: request => fieldOf(request.rawHeaders, 'upgrade')?.toLowerCase() === 'websocket',
    });
    this.server.timeout = idleTimeoutMs;
    Object.assign(this.server, { httpAllowHalfOpen: true }); // Node's switch, which its types do not know
    this.#readHttp = takeReader(this.server);
    this.server.on('connection', (socket: Socket) => this.#accept(socket));
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      this.#answers.set(request.socket, response);
      outlastHalfClose(mediation, response, request.socket);
      void serveRequest(mediation, this.#sessions.of(request.socket), { request, response });
    };
    this.server.on('request', serve);
    this.server.on('checkContinue', serve); // the origin invites the body, or does not
    this.server.on('checkExpectation', (request, response) =>
      refuseRequest(mediation, this.#sessions.of(request.socket), {
        request,
        response,
        ...UNMET_EXPECTATION,
      }),
    );
    this.server.on('upgrade', (request, socket: Socket, head) => {
      void serveUpgrade(mediation, this.#sessions.of(socket), { request, socket, head });
    });
    this.server.on('connect', (request, socket: Socket, head) => this.#connect(request, socket, head));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      this.#refuse(error, socket as Socket),
    );
  }

  /** Connections from outside that are open now. */
  get connections(): number {
    return this.#clients.size;
  }

  /** Closes the tunnels and exchanges that the rules in force would not permit any more. */
  reconsider(): void {
    for (const tunnel of this.#tunnels) tunnel.reconsider();
    this.#mediation.live.reconsider(this.#mediation);
  }

  /** Closes every connection and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()));
    for (const tunnel of this.#tunnels) tunnel.stop();
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  /** Takes a connection from outside, unless there are too many. */
  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy()); // stays for the whole life of the socket: a reset never crashes us
    socket.once('close', this.#clients.enter(socket));
    const limit = this.#mediation.limits.connections;
    const held = this.#mediation.questions?.held ?? 0; // they have slots of their own
    if (this.#clients.size - held <= limit) return this.#listenTo(socket);
    this.#mediation.record({
      event: 'egress_cap_exceeded',
      ...attemptFields(null, NOBODY),
      proto: 'tcp',
      reason: 'concurrency',
      limit,
    });
    socket.end(
      refusalMessage({ status: 503, host: null, reason: `more than ${limit} connections`, nearest: null }),
    );
    socket.destroySoon();
  }

  /** The first byte tells SOCKS5 from HTTP. A connection that says nothing is closed without a record: it is no attempt. */
  #listenTo(socket: Socket): void {
    const client = this.#mediation.processes?.of(socket) ?? null;
    this.#sessions.belongsTo(socket, client);
    const { headTimeoutMs } = this.#mediation.limits;
    const silent = (): void => socket.destroySoon();
    socket.once('end', silent);
    socket.setTimeout(headTimeoutMs, silent).once('data', (chunk: Buffer) => {
      socket.setTimeout(0, silent).removeListener('end', silent).pause();
      const plain = readPlainConnect(chunk);
      if (plain) {
        const caller = { ...readCaller(plain.proxyAuthorization), client };
        return this.#open({
          client: socket,
          answers: CONNECT_ANSWERS,
          head: plain.rest,
          to: plain.to,
          caller,
        });
      }
      socket.unshift(chunk);
      if (chunk[0] !== SOCKS_VERSION) {
        this.#readHttp(socket);
        socket.resume();
        return;
      }
      const handshake = new SocksHandshake(socket, outcome =>
        this.#shookHands(socket, { ...outcome, caller: { ...outcome.caller, client } }),
      );
      handshake.start(headTimeoutMs);
    });
  }

  #shookHands(client: Socket, outcome: SocksOutcome): void {
    if (outcome.type === 'connect') return this.#open({ ...outcome, client, answers: SOCKS_ANSWERS });
    const { host, caller, reason } = outcome;
    this.#mediation.record({
      event: 'egress_deny',
      ...attemptFields(host, caller),
      reason,
      signal: 'denied',
    });
  }

  #connect(request: IncomingMessage, client: Socket, head: Buffer): void {
    const named = readCaller(fieldOf(request.rawHeaders, 'proxy-authorization'));
    const caller = { ...named, client: this.#sessions.clientOf(client) };
    const { rawHeaders, httpVersion } = request;
    const unsound = vetHead({ method: 'CONNECT', target: request.url ?? '', httpVersion, rawHeaders });
    const read = readAuthority(request.url ?? '', null);
    const isNested = this.#sessions.isInside(client);
    if (unsound !== null || read.type === 'refused' || isNested) {
      const reason = `malformed request: ${unsound ?? (read.type === 'refused' ? read.reason : 'CONNECT in a tunnel')}`;
      const host = read.type === 'refused' ? read.host : read.destination.host;
      this.#mediation.record({
        event: 'egress_deny',
        ...attemptFields(host, caller),
        reason,
        signal: 'denied',
      });
      hangUp(client, refusalMessage({ status: 400, host, reason, nearest: null }));
      return;
    }
    this.#open({ client, answers: CONNECT_ANSWERS, head, to: read.destination, caller });
  }

  #open(request: ConnectRequest): void {
    const { client } = request;
    const tunnel = new TunnelConnection(this.#mediation, this.#serveTunnel, request);
    const leave = this.#tunnels.enter(tunnel);
    client.once('close', () => {
      leave();
      tunnel.left();
    });
    tunnel.start();
  }

  readonly #serveTunnel = (socket: Socket, protocol: string | null, tunnel: OpenedTunnel): void => {
    const session = this.#sessions.open(socket, tunnel);
    if (protocol === 'h2') serveHttp2(this.#mediation, session, socket);
    else this.#readHttp(socket);
  };

  /** Answers a head that the parser refused or that came too slowly. A connection without a byte is no attempt. */
  #refuse(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, socket: Socket): void {
    const answer = this.#answers.get(socket);
    if (answer?.headersSent && !answer.writableFinished) return socket.destroySoon(); // it has its record
    const { tunnel } = this.#sessions.of(socket);
    const isTimeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (error.code?.startsWith('HPE_') || (isTimeout && socket.bytesRead > 0)) {
      const reason = isTimeout
        ? 'malformed request: too slow'
        : `malformed request: ${error.message.replace('Parse Error: ', '')}`;
      const host = tunnel?.to.host ?? hostOf(error.rawPacket);
      const caller = tunnel?.caller ?? NOBODY;
      this.#mediation.record({
        event: 'egress_deny',
        ...attemptFields(host, caller),
        reason,
        signal: 'denied',
      });
      if (socket.writable)
        socket.end(refusalMessage({ status: isTimeout ? 408 : 400, host, reason, nearest: null }));
    }
    socket.destroySoon();
  }
}

/**
 * Still answers a client that ended its side (RFC 9112 §9.6), unless nothing is sent to it for a while: it may as well be gone. Where
 * this machine tells that it is gone, that ends at once.
 */
function outlastHalfClose({ processes, limits }: Mediation, response: ServerResponse, socket: Socket): void {
  const ended = (): void => {
    socket.setTimeout(limits.halfClosedMs, () => socket.destroy());
    processes?.whenGone(socket, () => socket.destroy());
  };
  socket.once('end', ended);
  response.once('close', () => socket.removeListener('end', ended));
}

/** Takes from a server the listener that reads its connections as HTTP: ours looks at each first. */
function takeReader(server: Server): (socket: Socket) => void {
  const [reader, ...others] = server.listeners('connection');
  if (!reader || others.length > 0) throw new Error('an HTTP server reads its connections by one listener');
  server.removeAllListeners('connection');
  return socket => Reflect.apply(reader, server, [socket]);
}

/** The host that a refused request asked for, as far as its first line tells. */
function hostOf(packet: Buffer | undefined): string | null {
  const line = packet?.subarray(0, 1024).toString('latin1') ?? '';
  const authority = /^[A-Z]{1,32} (?:http:\/\/)?([^/\s?#]+)/.exec(line)?.[1] ?? '';
  const read = readAuthority(authority, 80);
  return read.type === 'destination' ? read.destination.host : null;
}
