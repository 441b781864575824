import type { OnReadOpts, Socket } from 'node:net';

/** The first buffer of a connection: most have little to say, and many stand idle. */
const FIRST_BYTES = 2 * 1024;
/** As much as Node reads at a time by itself. */
const MOST_BYTES = 64 * 1024;
const GROWTH = 4;
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads a connection into one reused buffer, past Node's streams: a relay then moves three times the bytes for the same work
 * (`npm run bench`). Reading stops until the bytes before are written, so the buffer is free again. A filled buffer gives way to a larger
 * one.
 */
export class OriginReader {
  readonly #options: OnReadOpts = {
    buffer: () => this.#space,
    callback: (length, buffer) => {
      if (length === buffer.length && length < MOST_BYTES) this.#space = Buffer.allocUnsafe(length * GROWTH);
      return this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
    },
  };
  #space = Buffer.allocUnsafe(FIRST_BYTES);
  #isStarted = false;
  /** Bytes that came before the relay began. */
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

  /** Calls `spoke` once untaken bytes have come, or `left` once none can come; never within this call. */
  onceSpoken(origin: Socket, spoke: () => void, left: () => void): void {
    this.#spoke = spoke;
    if (this.#held) queueMicrotask(spoke);
    if (origin.readableEnded) queueMicrotask(left);
    else origin.once('end', left);
  }

  /** Writes all bytes of the origin, and its end, to the client. */
  pourInto(client: Socket, origin: Socket, moved: ((bytes: number) => void) | null): void {
    const resume = (): void => void origin.resume();
    // Named first: V8 puts a function that is written behind an assignment to a field into the old generation.
    const pour = (chunk: Buffer): boolean => {
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
    this.#pour = pour;
    if (origin.readableEnded) client.end();
    else origin.once('end', () => client.end());
    const held = this.#held;
    this.#held = null;
    if (!held || pour(held)) resume();
  }

  /** Forgets its buffer and whom it tells, once the connection is closed. */
  letGo(): void {
    this.#space = NO_BYTES;
    this.#spoke = null;
    this.#pour = null;
    this.#held = null;
  }

  /** False stops the reading. */
  #take(chunk: Buffer): boolean {
    if (this.#pour) return this.#pour(chunk);
    this.#held = chunk;
    this.#spoke?.();
    return false;
  }
}
