import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Reading } from '../reading.ts';

/** Told of the length of every chunk. */
type Count = (bytes: number) => void;

/**
 * Joins two sockets byte for byte, with back-pressure and half-close, until both are closed; `moved` hears of every chunk. An origin that
 * is read by a `reading` is taken from that. A reset on one side resets the other. Never rejects; the caller destroys both sockets to stop it.
 */
export async function splice(
  client: Socket,
  origin: Socket,
  moved: Count | null,
  reading: Reading | null = null,
): Promise<void> {
  const closed = [closing(client, origin), closing(origin, client)];
  pour(client, origin, moved);
  if (reading) reading.pourInto(client, origin, moved);
  else pour(origin, client, moved);
  await Promise.all(closed);
}

/** Hands on what comes from one side as fast as the other takes it, and its end. By hand: a pipe costs each short tunnel a tenth of its time. */
function pour(from: Socket, to: Socket, moved: Count | null): void {
  from.on('data', (chunk: Buffer) => {
    moved?.(chunk.length);
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.once('end', () => to.end());
  from.resume();
}

/** Waits until one side is closed; where it broke off, the other side learns it as a reset, not as an orderly end: heard first, before anybody else closes that. */
const closing = (side: Socket, other: Socket): Promise<void> =>
  new Promise(resolve => {
    const closed = (): void => {
      if (!isWhole(side)) breakOff(other);
      resolve();
    };
    if (side.closed) closed();
    else side.prependOnceListener('close', closed);
  });

/** Whether all that either end had to say was said. */
const isWhole = ({ readableEnded, writableFinished, errored }: Socket): boolean =>
  readableEnded && writableFinished && errored === null;

/** TLS has no reset of its own: without a close_notify its peer knows that something is missing. */
const breakOff = (socket: Socket): unknown =>
  socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy();
