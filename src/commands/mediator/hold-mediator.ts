import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../core/event.ts';
import { parseObject, text, texts } from '../../core/record.ts';

/** The roots that programs behind a mediator must trust, PEM: its authority, and the roots it trusts itself beside the usual ones. */
export type TrustedRoots = readonly string[];

/** A mediator that stays up as long as it is held. */
export interface HeldMediator {
  readonly trusted: TrustedRoots;
  readonly release: () => void;
  /** Tells it something. */
  readonly tell: (message: object) => void;
}

/** The events that a holder wants to hear of later. */
export interface HoldNews {
  /** The mediator's authority changed. */
  readonly trustChanged: (trusted: TrustedRoots) => void;
  /** The mediator is gone. */
  readonly lost: () => void;
}

/** A mediator on a busy machine may take seconds to answer; a socket that something else serves must not hold us for ever. */
const PATIENCE_MS = 10_000;

/** Holds the mediator behind a socket; null when nobody serves it, or it is about to end. The connection is the hold: it ends with this process, however that ends. */
export function holdMediator(path: string, news: HoldNews, isConfined = false): Promise<HeldMediator | null> {
  const socket = connect(path);
  return new Promise(resolve => {
    let isHeld = false;
    const release = (): void => {
      isHeld = false;
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy()); // nobody serves it: `close` follows
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

/** Only what tells of trust: greetings and acknowledgements are for others. */
function onMessages(socket: Socket, told: (message: JsonObject) => void): void {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.on('error', () => socket.destroy()); // the socket's own error, told once more
  lines.on('line', line => {
    const message = parseObject(line); // something else may serve the socket
    if (message && ['held', 'trust'].includes(text(message, 'type') ?? '')) told(message);
  });
}

function trustedIn(message: JsonObject): TrustedRoots {
  return [text(message, 'certificates') ?? '', ...(texts(message, 'roots') ?? [])];
}
