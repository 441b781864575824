import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { OriginReader } from '../origin/origin-reader.ts';

/** Takes the length of every chunk. */
type Count = (bytes: number) => void;

/**
 * Joins two sockets byte for byte, with back-pressure and half-close, until both are closed; `moved` hears of every chunk. An origin that
 * is read by a `reading` is taken from that. A reset on one side resets the other. Never rejects; the caller destroys both sockets to stop it.
 */
export async function relay(
  client: Socket,
  origin: Socket,
  { moved, reading = null }: { readonly moved: Count | null; readonly reading?: OriginReader | null },
): Promise<void> {
  const closed = [closing(client, origin), closing(origin, client)];
  pour(client, origin, moved);
  if (reading) reading.pourInto(client, origin, moved);
  else pour(origin, client, moved);
  await Promise.all(closed);
}

/** Writes the bytes and the end of one side to the other, with back-pressure. A pipe would cost each short tunnel a tenth of its time. */
function pour(from: Socket, to: Socket, moved: Count | null): void {
  from.on('data', (chunk: Buffer) => {
    moved?.(chunk.length);
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  if (from.readableEnded) to.end();
  else from.once('end', () => to.end());
  from.resume();
}

/** Waits until one side is closed. If this side was cut off, resets the other instead of ending it. Must run before other close listeners. */
const closing = (side: Socket, other: Socket): Promise<void> =>
  new Promise(resolve => {
    const closed = (): void => {
      if (!isWhole(side)) breakOff(other);
      resolve();
    };
    if (side.closed) closed();
    else side.prependOnceListener('close', closed);
  });

/** Whether both directions of a socket ended in order. */
const isWhole = ({ readableEnded, writableFinished, errored }: Socket): boolean =>
  readableEnded && writableFinished && errored === null;

/** TLS has no reset of its own: without a close_notify its peer knows that something is missing. */
const breakOff = (socket: Socket): unknown =>
  socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy();
