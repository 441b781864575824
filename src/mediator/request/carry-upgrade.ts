import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { endToEnd, type Fields } from './fields.ts';
import { hangUp } from '../hang-up.ts';
import type { OriginResponse, UpgradeOutcome } from '../origin/origin-client.ts';
import { relay } from '../tunnel/relay.ts';

/** A client whose upgrade was permitted: its socket, and the bytes that came behind its head. */
export interface UpgradedClient {
  readonly socket: Socket;
  readonly head: Buffer;
  /** Takes the length of every chunk, in both directions. */
  readonly moved: (bytes: number) => void;
}

/** Passes an answer other than 101 back, after which the conversation is over. Never rejects. */
export async function passAnswer(response: OriginResponse, socket: Socket): Promise<void> {
  const fields: Fields = [...endToEnd(response.fields), ['Connection', 'close']];
  socket.write(headOf(response.status, response.statusText, fields));
  try {
    await pipeline(response.body, socket, { end: false });
    hangUp(socket);
  } catch {
    socket.destroy(); // a cut answer must not look whole
  }
}

/** Joins both sides of a switched protocol until they are done or idle; gives the bytes that moved. */
export async function carryUpgraded(
  upgraded: Extract<UpgradeOutcome, { type: 'switched' }>,
  { socket, head, moved }: UpgradedClient,
  idleTimeoutMs: number,
): Promise<number> {
  const origin = upgraded.socket;
  const upgrade: Fields = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
  ];
  socket.write(headOf(101, 'Switching Protocols', [...endToEnd(upgraded.fields), ...upgrade]));
  socket.unshift(head);
  origin.unshift(upgraded.head);
  origin.setTimeout(idleTimeoutMs, () => socket.destroy());
  let bytes = 0;
  await relay(socket, origin, {
    moved: count => {
      bytes += count;
      moved(count);
    },
  });
  return bytes;
}

const headOf = (status: number, text: string, fields: Fields): string =>
  [`HTTP/1.1 ${status} ${text}`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
