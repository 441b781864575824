import type { Readable } from 'node:stream';
import { readStream } from './read-stream.ts';
import type { LineBatch } from './source.ts';

/** The lines of standard input until it ends; in between it waits, so that this serves one-shot reading and following alike. */
export function readStdin(stream: Readable = process.stdin): AsyncGenerator<LineBatch> {
  return readStream('-', stream);
}
