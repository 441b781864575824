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
  const last: LastSide = { side: null };
  const closed = [closing(client, origin, last), closing(origin, client, last)];
  pour(client, origin, { moved, last });
  if (reading) reading.pourInto(client, origin, moved);
  else pour(origin, client, { moved, last });
  await Promise.all(closed);
}

/** The side that was closed at once, as both directions had ended in order; null until then. */
interface LastSide {
  side: Socket | null;
}

interface Pouring {
  readonly moved: Count | null;
  readonly last: LastSide;
}

/** Writes the bytes and the end of one side to the other, with back-pressure. A pipe would cost each short tunnel a tenth of its time. */
function pour(from: Socket, to: Socket, { moved, last }: Pouring): void {
  from.on('data', (chunk: Buffer) => {
    moved?.(chunk.length);
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  if (from.readableEnded) to.end();
  else from.once('end', () => endLast(to, last));
  from.resume();
}

/**
 * Ends a side whose other side ended. Where it ended before and took all its bytes, it is closed at once. That sends the same FIN by one
 * system call less.
 */
function endLast(to: Socket, last: LastSide): void {
  const isLast = to.readableEnded && to.writableLength === 0 && !(to instanceof TLSSocket);
  if (!isLast) return void to.end();
  last.side = to;
  to.destroy();
}

/** Waits until one side is closed. If this side was cut off, resets the other instead of ending it. Must run before other close listeners. */
const closing = (side: Socket, other: Socket, last: LastSide): Promise<void> =>
  new Promise(resolve => {
    const closed = (): void => {
      if (side !== last.side && !isWhole(side)) breakOff(other);
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
