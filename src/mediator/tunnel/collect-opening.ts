import type { Socket } from 'node:net';
import { readOpening, type Opening } from './read-opening.ts';

/** Reads from a socket until its first bytes tell what it speaks, then puts them all back. Null when the socket ends before. */
export async function collectOpening(socket: Socket): Promise<Opening | null> {
  let held = Buffer.alloc(0);
  for (;;) {
    const chunk = await nextChunk(socket);
    if (chunk === null) return null;
    held = Buffer.concat([held, chunk]);
    const opening = await readOpening(held);
    if (opening === null) continue;
    socket.unshift(held);
    return opening;
  }
}

function nextChunk(socket: Socket): Promise<Buffer | null> {
  const waiting = socket.read() as Buffer | null; // a socket without an encoding gives bytes
  if (waiting !== null) return Promise.resolve(waiting);
  if (socket.readableEnded || socket.destroyed) return Promise.resolve(null);
  return new Promise(resolve => {
    const done = (): void => {
      for (const event of ['readable', 'end', 'close']) socket.removeListener(event, done);
      resolve(socket.read() as Buffer | null);
    };
    for (const event of ['readable', 'end', 'close']) socket.once(event, done);
  });
}
