import type { Socket } from 'node:net';
import { finished } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Reading } from '../reading.ts';

/**
 * Joins two sockets byte for byte, with back-pressure and half-close, until both are done; `moved` hears of every chunk. An origin that is read by a `reading` is taken from that. A reset on one side resets the other. Never
 * rejects; the caller destroys both sockets to stop it.
 */
export async function splice(
  client: Socket,
  origin: Socket,
  moved: ((bytes: number) => void) | null,
  reading: Reading | null = null,
): Promise<void> {
  const count = (chunk: Buffer): void => moved?.(chunk.length);
  if (moved) client.on('data', count);
  client.pipe(origin);
  if (reading) reading.pourInto(client, origin, moved);
  else if (moved) origin.on('data', count).pipe(client);
  else origin.pipe(client);
  await Promise.all([until(client, origin), until(origin, client)]);
}

/** Waits until one side is over; where it broke off, the other side learns it as a reset, not as an orderly end. */
const until = (side: Socket, other: Socket): Promise<void> =>
  new Promise(resolve => {
    finished(side, error => {
      if (error) breakOff(other); // the peer's news, told in the only way there is
      resolve();
    });
  });

/** TLS has no reset of its own: without a close_notify its peer knows that something is missing. */
const breakOff = (socket: Socket): unknown =>
  socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy();
