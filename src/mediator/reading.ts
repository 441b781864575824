import type { OnReadOpts, Socket } from 'node:net';

/** What a connection is read into at first: most have little to say, and many stand idle. */
const FIRST_BYTES = 2 * 1024;
/** As much as Node reads at a time by itself. */
const MOST_BYTES = 64 * 1024;
const GROWTH = 4;

/**
 * Reads a connection into one buffer, again and again, past Node's streams: a splice then moves three times the bytes for the same work
 * (`npm run bench`). Nothing is read while the bytes before are not written, so that the buffer may be used anew; one that was filled
 * gives way to a larger one.
 */
export class Reading {
  readonly #options: OnReadOpts = {
    buffer: () => this.#space,
    callback: (length, buffer) => {
      if (length === buffer.length && length < MOST_BYTES) this.#space = Buffer.allocUnsafe(length * GROWTH);
      return this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
    },
  };
  #space = Buffer.allocUnsafe(FIRST_BYTES);
  #isStarted = false;
  /** What came before anybody wanted it. */
  #held: Buffer | null = null;
  #spoke: (() => void) | null = null;
  #pour: ((chunk: Buffer) => boolean) | null = null;

  /** Whether a connection is read this way: a dial may not be able to. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** For `connect`: it has to be known before the connection is made. */
  start(): OnReadOpts {
    this.#isStarted = true;
    return this.#options;
  }

  /** Tells, in a turn of its own, that bytes have come which nobody has taken yet, or that none ever will. */
  onceSpoken(origin: Socket, spoke: () => void, left: () => void): void {
    this.#spoke = spoke;
    if (this.#held) queueMicrotask(spoke);
    if (origin.readableEnded) queueMicrotask(left);
    else origin.once('end', left);
  }

  /** Hands all that came and comes on, and the end as well. */
  pourInto(client: Socket, origin: Socket, moved: ((bytes: number) => void) | null): void {
    const resume = (): void => void origin.resume();
    this.#pour = chunk => {
      moved?.(chunk.length);
      if (client.destroyed) return false;
      let isWritten = false;
      client.write(chunk, () => {
        if (isWritten) return;
        isWritten = true;
        resume();
      });
      isWritten = client.writableLength === 0;
      return isWritten;
    };
    origin.once('end', () => client.end());
    const held = this.#held;
    this.#held = null;
    if (!held || this.#pour(held)) resume();
  }

  /** False stops the reading. */
  #take(chunk: Buffer): boolean {
    if (this.#pour) return this.#pour(chunk);
    this.#held = chunk;
    this.#spoke?.();
    return false;
  }
}
