import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server as HttpServer, RequestListener } from 'node:http';
import { createServer as createHttp } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { JsonObject } from '../../src/core/event.ts';
import { NO_FLAGS } from '../../src/core/policy/flag-entries.ts';
import { createAuthority, createMinter, type Identity } from '../../src/mediator/certificates/authority.ts';
import { MEDIATOR_LIMITS, type MediatorLimits } from '../../src/mediator/limits.ts';
import type { MediatorOptions } from '../../src/mediator/mediator-options.ts';
import { readPin } from '../../src/mediator/origin/pin.ts';
import { lookUp } from '../../src/mediator/origin/resolver.ts';
import { startMediator, type Mediator } from '../../src/mediator/start-mediator.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { until } from '../until.ts';

export interface WorldOptions extends Partial<Omit<MediatorOptions, 'limits' | 'pins'>> {
  readonly policy?: string;
  readonly limits?: Partial<MediatorLimits>;
  /** As `--resolve`. */
  readonly pins?: readonly string[];
}

/** A mediator on loopback in a folder of its own, real origins behind it, and everything put away at the end. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'egresstop-mediator-'));
  readonly policyPath = join(this.folder, 'policy.yaml');
  readonly #endings: (() => Promise<void> | void)[] = [];
  #originRoot: Identity | null = null;

  /** The authority that origins' certificates come from: not the mediator's. */
  async originRoot(): Promise<Identity> {
    this.#originRoot ??= await createAuthority(Date.now());
    return this.#originRoot;
  }

  async leafFor(host: string): Promise<Identity> {
    const mint = await createMinter(await this.originRoot());
    return mint(host, Date.now());
  }

  writePolicy(text: string): void {
    writeFileSync(this.policyPath, text);
  }

  async mediator({
    policy = 'allow: []\n',
    limits = {},
    pins = [],
    ...rest
  }: WorldOptions = {}): Promise<Mediator> {
    this.writePolicy(policy);
    const started = await startMediator({
      dialect: microagentDialect,
      policyPath: this.policyPath,
      flags: NO_FLAGS,
      mode: 'guarded',
      interceptsUnlisted: true,
      listen: { host: '127.0.0.1', port: 0 },
      auditPath: join(this.folder, 'audit.jsonl'),
      socketPath: join(this.folder, 'mediator.sock'),
      authorityFolder: join(this.folder, 'ca'),
      upstreamRoots: [(await this.originRoot()).certificate],
      upstreamProxy: null,
      keepsTunnels: false,
      namesProcesses: false,
      keepsQueries: false,
      version: '0.0.0',
      now: () => Date.now(),
      lookup: lookUp,
      policyReloaded: () => {},
      stopAsked: () => {},
      ...rest,
      limits: { ...MEDIATOR_LIMITS, ...limits },
      pins: pins.map(text => {
        const pin = readPin(text);
        if (!pin) throw new Error(`no pin: ${text}`);
        return pin;
      }),
    });
    if (started.type === 'failed') throw new Error(started.problems.map(({ why }) => why).join('; '));
    this.atEnd(() => started.mediator.stop());
    return started.mediator;
  }

  /** An origin on HTTP/1.1 over TLS; its port. */
  async https(host: string, listener: RequestListener): Promise<number> {
    const { key, certificate } = await this.leafFor(host);
    return this.listen(createHttps({ key, cert: certificate }, listener));
  }

  http(listener: RequestListener): Promise<number> {
    return this.listen(createHttp(listener));
  }

  /** An origin that speaks HTTP/2 and 1.1 over TLS. */
  async http2(
    host: string,
    prepare: (server: ReturnType<typeof createSecureServer>) => void,
  ): Promise<number> {
    const { key, certificate } = await this.leafFor(host);
    const server = createSecureServer({ key, cert: certificate, allowHTTP1: true });
    prepare(server);
    return this.listen(server);
  }

  /** An origin that accepts a WebSocket handshake and then echoes bytes. */
  async webSocket(host: string): Promise<number> {
    const { key, certificate } = await this.leafFor(host);
    const server = createHttps({ key, cert: certificate });
    server.on('upgrade', (request, socket) => {
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.pipe(socket);
    });
    return this.listen(server);
  }

  tcp(onConnection: (socket: Socket) => void, address = '127.0.0.1'): Promise<number> {
    return this.listen(createTcp({ allowHalfOpen: true }, onConnection), address);
  }

  async listen(server: Server | HttpServer, address = '127.0.0.1'): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()); // tests reset connections on purpose
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, address);
    await once(server, 'listening');
    this.atEnd(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  atEnd(ending: () => Promise<void> | void): void {
    this.#endings.unshift(ending);
  }

  async end(): Promise<void> {
    for (const ending of this.#endings) await ending();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The audit log so far. */
  records(): readonly JsonObject[] {
    return readFileSync(join(this.folder, 'audit.jsonl'), 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as JsonObject);
  }

  /** Waits for a record of that event in the log. */
  record(event: string, fields: JsonObject = {}): Promise<JsonObject> {
    const found = (): JsonObject | undefined =>
      this.records().find(
        record =>
          record['event'] === event &&
          Object.entries(fields).every(([name, value]) => record[name] === value),
      );
    return until(() => found() as JsonObject, {
      describe: () => `${event} ${JSON.stringify(fields)} among ${JSON.stringify(this.records(), null, 1)}`,
    });
  }

  events(): readonly unknown[] {
    return this.records().map(record => record['event']);
  }
}

/** A raw connection to the mediator. */
export const dialMediator = (mediator: Mediator): Promise<Socket> => dialPort(portOf(mediator));

const portOf = (mediator: Mediator): number => Number(mediator.address.split(':').at(-1));

async function dialPort(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => socket.destroy()); // tests reset connections on purpose
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes and gives all that comes back until the mediator closes. */
export async function exchangeRaw(mediator: Mediator, bytes: string | Buffer): Promise<string> {
  const socket = await dialMediator(mediator);
  socket.write(bytes);
  return readAll(socket);
}

export function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', chunk => (text += chunk.toString('latin1')));
  return new Promise(resolve => {
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    if (socket.closed) done();
    socket.once('end', done).once('close', done);
  });
}

/** Opens a tunnel; the head of the answer and the socket behind it. */
export const tunnel = (
  mediator: Mediator,
  authority: string,
  fields = '',
): Promise<{ head: string; socket: Socket }> => tunnelAt(portOf(mediator), authority, fields);

/** Opens a tunnel through whatever proxy listens on a port of loopback. */
export async function tunnelAt(
  port: number,
  authority: string,
  fields = '',
): Promise<{ head: string; socket: Socket }> {
  const socket = await dialPort(port);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${fields}\r\n`);
  let head = Buffer.alloc(0);
  while (!head.includes('\r\n\r\n')) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) head = Buffer.concat([head, chunk]);
    else await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
    if (socket.destroyed) break;
  }
  const end = head.indexOf('\r\n\r\n') + 4;
  if (head.length > end) socket.unshift(head.subarray(end));
  return { head: head.subarray(0, end).toString(), socket };
}

/** TLS inside a tunnel, trusting the given roots. */
export async function secured(
  socket: Socket,
  servername: string,
  ca: string,
  ALPNProtocols: string[] = ['http/1.1'],
): Promise<TLSSocket> {
  const tls = connectTls({ socket, servername, ca, ALPNProtocols });
  tls.once('close', () => socket.destroy());
  await once(tls, 'secureConnect');
  tls.on('error', () => tls.destroy());
  return tls;
}
