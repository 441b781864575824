import { stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { LineSplitter } from '../lines/line-splitter.ts';
import { SocketProtocol, type ReplayOptions } from './socket-protocol.ts';
import type { Following, SourceListener, SourceMessage } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { errorCode } from '../../core/file-error.ts';
import { trouble, troubleOf } from '../trouble.ts';

/** More than this unsent, and the server is not reading: nothing is added. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** How long to wait before connecting again: doubling from the first to the last. */
export interface SocketOptions extends ReplayOptions {
  readonly firstRetryMs?: number;
  readonly lastRetryMs?: number;
}

/** A running socket source, to which one may also speak. */
export interface FollowingSocket extends Following {
  /** Sends one object as a line; false when there is no connection, or one that nobody reads. */
  readonly send: (message: SourceMessage) => boolean;
}

/**
 * Follows a unix stream socket, connecting again for ever; SocketProtocol says what is promised about its lines. Nothing "stands there
 * at the start" of a socket, so it counts as caught up from the beginning.
 */
export function followSocket(
  path: string,
  listener: SourceListener,
  options: SocketOptions = {},
): FollowingSocket {
  const client = new SocketClient(path, listener, options);
  return { caughtUp: Promise.resolve(), send: message => client.send(message), stop: () => client.stop() };
}

class SocketClient {
  readonly #path: string;
  readonly #protocol: SocketProtocol;
  readonly #report: StatusReport;
  readonly #firstRetryMs: number;
  readonly #lastRetryMs: number;
  #retryMs: number;
  #hasBeenLive = false;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;
  #socket: Socket;

  constructor(path: string, listener: SourceListener, options: SocketOptions) {
    const { firstRetryMs = 100, lastRetryMs = 5000 } = options;
    [this.#firstRetryMs, this.#lastRetryMs, this.#retryMs] = [firstRetryMs, lastRetryMs, firstRetryMs];
    this.#path = path;
    this.#protocol = new SocketProtocol(`unix:${path}`, listener, options);
    this.#report = new StatusReport(`unix:${path}`, listener);
    this.#socket = this.#connect();
  }

  send(message: SourceMessage): boolean {
    const isReady = this.#socket.readyState === 'open' && this.#socket.writableLength < MAX_UNSENT_BYTES;
    if (isReady) this.#socket.write(`${JSON.stringify(message)}\n`);
    return isReady;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    if (this.#socket.closed) return;
    const closed = new Promise(resolve => this.#socket.once('close', resolve));
    this.#socket.destroy();
    await closed;
  }

  #connect(): Socket {
    const splitter = new LineSplitter();
    let failure: unknown = null;
    let isConnected = false;
    const socket = connect(this.#path);
    socket.on('connect', () => {
      isConnected = true;
      this.#hasBeenLive = true;
      this.#protocol.connect();
      this.#report.settle('live');
    });
    socket.on('data', chunk => this.#receive(socket, splitter, chunk));
    socket.on('error', error => (failure = error));
    socket.on('close', () => {
      if (this.#isStopped) return;
      if (isConnected) this.#protocol.disconnect(splitter.end());
      void this.#lose(failure);
    });
    return socket;
  }

  /** One chunk a turn of the event loop: a peer that floods waits for us, not the screen for it. */
  #receive(socket: Socket, splitter: LineSplitter, chunk: Buffer): void {
    if (this.#isStopped) return;
    socket.pause();
    setImmediate(() => socket.resume());
    const lines = splitter.push(chunk);
    if (lines.length > 0) this.#retryMs = this.#firstRetryMs; // it serves; a server that only hangs up is asked less and less often
    for (const answer of this.#protocol.receive(lines)) this.send(answer);
  }

  async #lose(failure: unknown): Promise<void> {
    await this.#say(failure);
    if (this.#isStopped) return;
    this.#retry = setTimeout(() => (this.#socket = this.#connect()), this.#retryMs);
    this.#retryMs = Math.min(this.#lastRetryMs, this.#retryMs * 2);
  }

  async #say(failure: unknown): Promise<void> {
    const found = await stat(this.#path).catch(() => null); // what is missing is told below
    if (this.#isStopped) return;
    if (found && !found.isSocket()) {
      const { why, remedy } = trouble(this.#path, 'is no socket', 'leave out `unix:` to read a file');
      return this.#report.settle('failed', `${why}; ${remedy}`);
    }
    const isAbsent =
      failure === null ||
      ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(errorCode(failure) ?? '');
    if (!isAbsent) return this.#reportFailure(failure);
    if (this.#hasBeenLive) return this.#report.settle('gone', 'the connection was lost; connecting again');
    this.#report.settle('waiting', 'nothing listens there yet; connected to as soon as something does');
  }

  #reportFailure(failure: unknown): void {
    const { why, remedy } = troubleOf(failure, this.#path);
    this.#report.settle('failed', `${why}; ${remedy}`);
  }
}
