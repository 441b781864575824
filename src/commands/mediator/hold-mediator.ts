import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../core/event.ts';
import { parseObject, text, texts } from '../../core/record.ts';

/** The PEM roots that programs behind a mediator must trust: its authority, and roots that it trusts besides the usual ones. */
export type TrustedRoots = readonly string[];

/** A connection that keeps a mediator up. */
export interface HeldMediator {
  readonly trusted: TrustedRoots;
  readonly release: () => void;
  /** Sends a message to the mediator. */
  readonly tell: (message: object) => void;
}

/** Events of a held mediator. */
export interface HoldNews {
  /** The mediator's authority changed. */
  readonly trustChanged: (trusted: TrustedRoots) => void;
  /** The mediator is gone. */
  readonly lost: () => void;
}

/**
 * The longest wait for a mediator's hello, in ms. A busy machine may need seconds, but another program's socket must not block us for ever.
 */
const PATIENCE_MS = 10_000;

/**
 * Holds the mediator behind a socket. Null if no mediator serves it, or if it is about to end. The connection is the hold: it ends with
 * this process in any case.
 */
export function holdMediator(path: string, news: HoldNews, isConfined = false): Promise<HeldMediator | null> {
  const socket = connect(path);
  return new Promise(resolve => {
    let isHeld = false;
    const release = (): void => {
      isHeld = false;
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy()); // no mediator: `close` follows
    socket.once('close', () => {
      resolve(null);
      if (isHeld) news.lost();
    });
    onMessages(socket, message => {
      const trusted = trustedIn(message);
      if (isHeld) return news.trustChanged(trusted);
      isHeld = true;
      socket.setTimeout(0);
      resolve({ trusted, release, tell: message => void socket.write(`${JSON.stringify(message)}\n`) });
    });
    socket.write(`${JSON.stringify({ type: 'hold', confined: isConfined })}\n`);
  });
}

/** Passes on messages about trust. Hellos and acknowledgements are handled elsewhere. */
function onMessages(socket: Socket, told: (message: JsonObject) => void): void {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.on('error', () => socket.destroy()); // the error of the socket, reported again
  lines.on('line', line => {
    const message = parseObject(line); // the socket may be of another program
    if (message && ['held', 'trust'].includes(text(message, 'type') ?? '')) told(message);
  });
}

function trustedIn(message: JsonObject): TrustedRoots {
  return [text(message, 'certificates') ?? '', ...(texts(message, 'roots') ?? [])];
}
