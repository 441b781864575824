import type { Socket } from 'node:net';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LocalConnection, NamedProcess } from './socket-owner.ts';

/** The process behind a client's connection, once it is known. */
export interface ClientProcess {
  /** Null while it is looked for, and where it was not found. */
  readonly known: NamedProcess | null;
  /** Calls back once it is found; never where it is known already, or is not found. */
  readonly later: (found: (process: NamedProcess) => void) => void;
}

/** A question to the thread: which process a client is, or whether it is gone. */
export interface ClientQuestion {
  readonly id: number;
  readonly connection: LocalConnection;
  readonly asks: 'process' | 'gone';
}

/** The thread's answer about one client. */
export interface ClientAnswer {
  readonly id: number;
  readonly found: NamedProcess | null;
  /** Whether the client is gone for sure. */
  readonly isGone: boolean;
  /** How long it answers nobody, ms: its budget is used up. */
  readonly restMs: number;
}

/** Look-ups that may wait at once; a client beyond them stays without a name. */
const MOST_WAITING = 32;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** The thread that looks processes up. */
const NAMING_THREAD = new URL(`./name-clients${extname(import.meta.url)}`, import.meta.url);

/**
 * Finds the processes of clients on this machine (Linux), in a thread of its own: asking costs a ruling a message and no
 * more.
 */
export class ClientProcesses {
  readonly #waiting = new Map<number, (answer: ClientAnswer) => void>();
  readonly #worker: Worker;
  #asked = 0;
  /** While the thread rests nobody is asked for: under load a message for each client would cost more than the look-ups. */
  #restsUntil = 0;

  /** Another thread than the usual one may look, as one that never answers. */
  constructor(thread: URL = NAMING_THREAD) {
    this.#worker = new Worker(thread);
    this.#worker.on('message', (answer: ClientAnswer) => {
      if (answer.restMs > 0) this.#restsUntil = performance.now() + answer.restMs;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.#worker.on('error', () => this.#waiting.clear()); // clients stay without names
    this.#worker.unref();
  }

  /** Begins to look for the process of a connection; null for one from another machine. */
  of(socket: Socket): ClientProcess | null {
    const listeners: ((process: NamedProcess) => void)[] = [];
    let known: NamedProcess | null = null;
    const isAsked = this.#ask(socket, 'process', ({ found }) => {
      known = found;
      for (const listener of found ? listeners.splice(0) : []) if (found) listener(found);
    });
    if (!isAsked) return null;
    return {
      get known() {
        return known;
      },
      later: found => void listeners.push(found),
    };
  }

  /** Calls back where a client that ended its side has closed the other side too. Never where that cannot be told. */
  whenGone(socket: Socket, gone: () => void): void {
    this.#ask(socket, 'gone', ({ isGone }) => {
      if (isGone) gone();
    });
  }

  /** Asks the thread, unless it rests or the client is on another machine. Returns whether it was asked. */
  #ask(socket: Socket, asks: ClientQuestion['asks'], answered: (answer: ClientAnswer) => void): boolean {
    if (this.#waiting.size >= MOST_WAITING || performance.now() < this.#restsUntil) return false;
    const { remoteAddress, remotePort, localPort } = socket; // each is a system call
    if (remotePort === undefined || localPort === undefined || !LOOPBACK.test(remoteAddress ?? ''))
      return false;
    const id = (this.#asked += 1);
    this.#waiting.set(id, answered);
    const connection = { clientPort: remotePort, serverPort: localPort };
    this.#worker.postMessage({ id, connection, asks } satisfies ClientQuestion, []);
    return true;
  }

  /** Ends the thread. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
