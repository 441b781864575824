import type { Socket } from 'node:net';

/** How long a client has to take the last answer before its connection is cut. */
const LINGER_MS = 1000;

/** Sends a last answer, discards further input, and soon closes the connection, whether or not the client closes its side. */
export function hangUp(socket: Socket, lastWord: string | Buffer = ''): void {
  socket.resume();
  socket.end(lastWord);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
