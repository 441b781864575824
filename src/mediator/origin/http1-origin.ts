import { Agent, request as sendRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Socket } from 'node:net';
import { fieldsOf, joinCookies, valueOf, type Fields } from '../request/fields.ts';
import { flushSoon } from '../request/flush-soon.ts';
import type { OriginClient, OriginResponse, OutgoingRequest, UpgradeOutcome } from './origin-client.ts';

/** Opens one more connection to the origin: dialled to a checked address and, for https, verified. */
export type Connect = () => Promise<Socket>;

/** Connections kept for the next request of the same client. */
const KEPT_IDLE = 2;
/** Requests of one client to one origin at once, each on a connection of its own; what is pipelined beyond waits. */
const AT_ONCE = 6;

/** An origin spoken to in HTTP/1.1. Every request is written anew from what was understood of it, so that no odd framing passes through. */
export function http1Origin(connect: Connect, dstOf: (socket: Socket) => string): OriginClient {
  const agent = new ConnectingAgent(connect, dstOf);
  return {
    send: request => send(agent, request, true),
    upgrade: (request, protocol) => upgrade(agent, request, protocol),
    close: () => agent.destroy(),
  };
}

class ConnectingAgent extends Agent {
  /** Node's `maxSockets` does not count connections that are still being opened. */
  readonly slots = new ConnectionSlots(AT_ONCE);
  readonly dstOf: (socket: Socket) => string;
  readonly #connect: Connect;

  constructor(connect: Connect, dstOf: (socket: Socket) => string) {
    super({ keepAlive: true, maxFreeSockets: KEPT_IDLE });
    this.#connect = connect;
    this.dstOf = dstOf;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    this.#connect().then(
      socket => callback?.(null, socket),
      // Node's types want a socket even beside an error
      (error: unknown) => callback?.(error as Error, undefined as never),
    );
  }
}

/** A kept connection that the origin closed in the same moment is tried once more, where nothing can be done twice by that. */
async function send(
  agent: ConnectingAgent,
  request: OutgoingRequest,
  mayRepeat: boolean,
): Promise<OriginResponse> {
  const outgoing = start(agent, request, await slotOf(agent, request));
  try {
    return await answered(outgoing, agent, request);
  } catch (error) {
    const wasStale =
      outgoing.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (mayRepeat && wasStale && isRepeatable(request)) return send(agent, request, false);
    throw error;
  }
}

/** Of the idempotent methods (RFC 9110 §9.2.2) the safe ones alone: a DELETE done twice answers 404 for what it did. */
const isRepeatable = ({ method, body }: OutgoingRequest): boolean =>
  body === null && /^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method);

/** Waits for a slot; a request that was given up meanwhile frees it. */
async function slotOf({ slots }: ConnectingAgent, { signal }: OutgoingRequest): Promise<() => void> {
  const over = await slots.take();
  if (signal.aborted) over();
  signal.throwIfAborted();
  return over;
}

/** `over` is told once the request holds its connection no more. */
function start(agent: Agent, request: OutgoingRequest, over: () => void): ClientRequest {
  const { method, path, signal, authority } = request;
  const headers = ['Host', authority, ...framed(request).flat()];
  const outgoing = sendRequest({ agent, method, path, headers, signal, setHost: false });
  return outgoing.once('close', over).once('upgrade', over);
}

async function upgrade(
  agent: ConnectingAgent,
  request: OutgoingRequest,
  protocol: string,
): Promise<UpgradeOutcome> {
  const switching: Fields = [...request.fields, ['Connection', 'Upgrade'], ['Upgrade', protocol]];
  const outgoing = start(agent, { ...request, fields: switching }, await slotOf(agent, request));
  return new Promise((resolve, reject) => {
    outgoing.once('upgrade', (response: IncomingMessage, socket: Socket, head: Buffer) =>
      resolve({ type: 'switched', socket, head, fields: fieldsOf(response.rawHeaders) }),
    );
    answered(outgoing, agent, request).then(response => resolve({ type: 'answered', response }), reject);
  });
}

/** Content-Length as it came, else chunks; a method that usually has a body says so when it has none. */
function framed({ method, fields, body, expectsContinue }: OutgoingRequest): Fields {
  const plain: Fields = [
    ...joinCookies(fields),
    ...(expectsContinue ? ([['Expect', '100-continue']] as const) : []),
  ];
  if (body === null)
    return /^(?:POST|PUT|PATCH)$/.test(method) && valueOf(fields, 'content-length') === null
      ? [...plain, ['Content-Length', '0']]
      : plain;
  return valueOf(fields, 'content-length') === null ? [...plain, ['Transfer-Encoding', 'chunked']] : plain;
}

function answered(
  outgoing: ClientRequest,
  agent: ConnectingAgent,
  request: OutgoingRequest,
): Promise<OriginResponse> {
  return new Promise((resolve, reject) => {
    outgoing.once('socket', socket => {
      request.connected(agent.dstOf(socket));
      outlastCutUploads(socket);
      socket.resume(); // dialled through a proxy it was paused behind that one's answer
      if (request.body === null) outgoing.end();
      else sendBody(outgoing, request.body, request.trailers);
    });
    outgoing.on('information', ({ statusCode, rawHeaders }) => {
      if (statusCode !== 101 && (statusCode !== 100 || request.expectsContinue))
        request.informed?.(statusCode, fieldsOf(rawHeaders));
    });
    outgoing.once('response', response => resolve(responseOf(response)));
    outgoing.on('error', reject);
  });
}

/** Sends the head without waiting for the body, which may come only once the origin has spoken; then the body and its trailers. */
function sendBody(outgoing: ClientRequest, body: Readable, trailers: OutgoingRequest['trailers']): void {
  flushSoon(outgoing);
  body.once('end', () => {
    const fields = trailers?.() ?? [];
    if (fields.length > 0)
      outgoing.addTrailers(fields.map(([name, value]): [string, string] => [name, value]));
    outgoing.end();
  });
  body.pipe(outgoing, { end: false });
}

/** The errors of a write when the far end takes no more. */
const CUT_OFF: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);
const outlasting = new WeakSet<Socket>();

/**
 * Lets an origin answer before it has read the whole request, and close (RFC 9112 §9.6). Node destroys a socket whose write fails, with
 * the answer unread in it. Here such a write counts as done: the answer is read, and without one the end of reading tells.
 */
function outlastCutUploads(socket: Socket): void {
  if (outlasting.has(socket)) return;
  outlasting.add(socket);
  const [write, writev] = [socket._write.bind(socket), socket._writev?.bind(socket)];
  const forgiving =
    (done: (error?: Error | null) => void) =>
    (error?: Error | null): void =>
      done(error && 'code' in error && CUT_OFF.has(String(error.code)) ? null : error);
  socket._write = (chunk: unknown, encoding, done) => write(chunk, encoding, forgiving(done));
  if (writev) socket._writev = (chunks, done) => writev(chunks, forgiving(done));
}

/** A body without framing is whole only where its connection ended in order: a reset cut it (RFC 9112 §8). */
const isFramed = (fields: Fields): boolean =>
  valueOf(fields, 'content-length') !== null || valueOf(fields, 'transfer-encoding') !== null;

function responseOf(response: IncomingMessage): OriginResponse {
  const { socket } = response; // taken from the answer once that is over
  const fields = fieldsOf(response.rawHeaders);
  return {
    status: response.statusCode ?? 502,
    statusText: response.statusMessage ?? '',
    fields,
    body: response,
    isHeadOnly: false,
    isWhole: () => response.complete && (isFramed(fields) || socket.errored === null),
    trailers: () => fieldsOf(response.rawTrailers),
  };
}

/** Slots for requests: the others wait, first come, first served. */
class ConnectionSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Waits for a slot. Returns what frees it; a second call does nothing. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#pass();
    };
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
