import type { Socket } from 'node:net';
import { readOpening, type Opening } from './read-opening.ts';

/**
 * Hears a client until its first bytes tell what it speaks: null when it ends before. Told once, the client paused and its bytes put back.
 * Gives what ends the hearing sooner, in the same way.
 */
export function collectOpening(client: Socket, heard: (opening: Opening | null) => void): () => void {
  let held: Buffer | null = null;
  const take = (chunk: Buffer): void => {
    held = held ? Buffer.concat([held, chunk]) : chunk;
    const opening = readOpening(held);
    if (opening === null) return;
    stop();
    heard(opening);
  };
  const ended = (): void => {
    stop();
    heard(null);
  };
  const stop = (): void => {
    client.removeListener('data', take).removeListener('end', ended).pause();
    if (held && !client.readableEnded) client.unshift(held);
    held = null;
  };
  client.on('data', take).once('end', ended).resume();
  return stop;
}
