import type { Socket } from 'node:net';
import { readRequests, type ReaderRequest } from './reader-request.ts';

/** Answers one request of a reader; the reader's next one waits for that. */
export type AnswerReader = (reader: SocketReader, request: ReaderRequest) => Promise<void>;

/** Answers that may wait unread for one reader, as a multiple of the events that may. A reader beyond that is cut off. */
const MOST_UNREAD = 16;

/** One reader of the mediator's socket. A slow reader loses events, gets their count, and never delays the mediator. */
export class SocketReader {
  readonly #socket: Socket;
  readonly #backlog: number;
  #allowance: number;
  #isSubscribed = false;
  #dropped = 0;

  constructor(socket: Socket, backlog: number, answer: AnswerReader) {
    this.#socket = socket;
    this.#backlog = backlog;
    this.#allowance = backlog;
    socket.on('error', () => socket.destroy()); // a reader that went away
    socket.on('drain', () => this.#caughtUp());
    void this.#listen(answer);
  }

  /** Sends a message that is never dropped; a reader that lets many wait is cut off instead. */
  send(message: object): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
    if (this.#socket.writableLength > this.#allowance + MOST_UNREAD * this.#backlog) this.#socket.destroy();
  }

  /** Begins the stream of events, after those that went before; once. */
  subscribe(before: readonly string[]): void {
    if (this.#isSubscribed) return;
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

  /** Answers one request after the other, and waits until the answers before are taken: asking costs the reader's time, not our memory. */
  async #listen(answer: AnswerReader): Promise<void> {
    try {
      for await (const request of readRequests(this.#socket)) {
        await answer(this, request);
        if (this.#socket.writableNeedDrain) await this.#taken();
        if (this.#socket.destroyed) return;
      }
    } catch {
      this.#socket.destroy(); // it went away in the middle, or sent an endless line
    }
  }

  /** Waits until what was sent is taken, or never will be. */
  #taken(): Promise<void> {
    const socket = this.#socket;
    return new Promise(resolve => {
      const done = (): void => {
        socket.removeListener('drain', done).removeListener('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }
}
