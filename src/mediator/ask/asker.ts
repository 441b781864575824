import type { Socket } from 'node:net';
import type { Caller } from '../caller.ts';

/** An attempt that may have to wait for an answer: who makes it, for what, and how it is noticed that its client leaves. */
export interface Asker {
  readonly caller: Caller;
  /** Null where only a tunnel is asked for. */
  readonly url: string | null;
  readonly method: string | null;
  /** Called when the attempt begins to wait. Calls back once if the client leaves meanwhile. Returns what ends that. */
  readonly whileHeld: (left: () => void) => () => void;
}

/** Notices that the client of a raw socket leaves while its attempt waits. */
export class HeldClient {
  readonly #socket: Socket;
  #left: (() => void) | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  readonly whileHeld: Asker['whileHeld'] = left => {
    this.#left = left;
    const stop = watchSocket(this.#socket, left);
    return () => {
      this.#left = null;
      stop();
    };
  };

  /** The socket is closed. Returns whether its attempt waited, which then ends as unanswered. */
  leave(): boolean {
    const left = this.#left;
    left?.();
    return left !== null;
  }
}

/** The most that a client may send while it waits, bytes. Beyond that it is not read on. */
const MOST_KEPT = 64 * 1024;

/**
 * Watches a raw socket while its attempt waits, and keeps what the client says. A socket that nobody reads does not tell that its client
 * left. Returns what puts the bytes back and leaves the socket paused.
 */
export function watchSocket(socket: Socket, left: () => void): () => void {
  const kept: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    kept.push(chunk);
    size += chunk.length;
    if (size > MOST_KEPT) socket.pause();
  };
  socket.on('data', take).once('end', left).once('close', left).resume();
  return () => {
    socket.removeListener('data', take).removeListener('end', left).removeListener('close', left).pause();
    if (kept.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(Buffer.concat(kept));
  };
}
