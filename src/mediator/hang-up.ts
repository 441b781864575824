import type { Socket } from 'node:net';

/** How long a client has to take the last answer before its connection is cut. */
const LINGER_MS = 1000;

/** Says a last word, throws away what still comes, and gives the connection up soon, whether or not the client closes its side. */
export function hangUp(socket: Socket, lastWord = ''): void {
  socket.resume();
  socket.end(lastWord);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
