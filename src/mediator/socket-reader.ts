import type { Socket } from 'node:net';

/** Longest line a reader may send. */
const LONGEST_REQUEST = 4096;

/** What a reader of the mediator's socket may ask. */
export type ReaderRequest =
  | { readonly type: 'subscribe'; readonly replay: number }
  | { readonly type: 'reload' }
  | { readonly type: 'status' };

/** One reader of the mediator's socket. Whoever reads too slowly loses events, told as a count, and never holds the mediator up. */
export class SocketReader {
  readonly #socket: Socket;
  readonly #backlog: number;
  #allowance: number;
  #isSubscribed = false;
  #dropped = 0;
  #pending = '';

  constructor(
    socket: Socket,
    backlog: number,
    onRequest: (reader: SocketReader, request: ReaderRequest) => void,
  ) {
    this.#socket = socket;
    this.#backlog = backlog;
    this.#allowance = backlog;
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy()); // a reader that went away
    socket.on('drain', () => this.#caughtUp());
    socket.on('data', (text: string) => {
      for (const request of this.#take(text)) onRequest(this, request);
    });
  }

  /** Sends a message that is never dropped. */
  send(message: object): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Begins the stream of events, after those that went before. */
  subscribe(before: readonly string[]): void {
    this.#isSubscribed = true;
    const lines = before.join('');
    this.#allowance = this.#backlog + Buffer.byteLength(lines);
    if (lines !== '') this.#socket.write(lines);
  }

  /** Sends an event line, or counts it as dropped. */
  event(line: string): void {
    if (!this.#isSubscribed) return;
    if (this.#dropped > 0 || this.#socket.writableLength > this.#allowance) this.#dropped += 1;
    else this.#socket.write(line);
  }

  close(): void {
    this.#socket.destroy();
  }

  #caughtUp(): void {
    this.#allowance = this.#backlog;
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.send({ type: 'dropped', count });
  }

  #take(text: string): readonly ReaderRequest[] {
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop() ?? '';
    if (this.#pending.length > LONGEST_REQUEST) this.#socket.destroy();
    return lines.flatMap(line => readRequest(line) ?? []);
  }
}

/** Nonsense, and words of a later protocol, are ignored. */
function readRequest(line: string): ReaderRequest | null {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null || !('type' in request)) return null;
    const replay =
      'replay' in request && typeof request.replay === 'number' ? Math.max(0, request.replay) : 0;
    if (request.type === 'subscribe') return { type: 'subscribe', replay };
    return request.type === 'reload' || request.type === 'status' ? { type: request.type } : null;
  } catch {
    return null; // not JSON
  }
}
