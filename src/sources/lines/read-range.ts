import { readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { LineRange } from './line-ranges.ts';

/** Small enough to stay in a processor's cache between the reading and the walking. */
const CHUNK_BYTES = 512 * 1_024;

/**
 * The bytes of a range, until its end or the file's; a chunk is overwritten after the next one. Reads at once, which is faster than
 * by way of a thread of the pool, and lets everything else have a turn between two chunks. Ends when `signal` aborts.
 */
export async function* readRange(
  fd: number,
  { start, end }: LineRange,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let at = start; at < end && !signal.aborted;) {
    const bytesRead = readSync(fd, buffer, 0, Math.min(CHUNK_BYTES, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
    await turn();
  }
}
