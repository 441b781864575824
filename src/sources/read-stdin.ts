import { addAbortSignal, type Readable } from 'node:stream';
import { documentsAsLines, readStream } from './read-stream.ts';
import type { LineBatch } from './source.ts';

/** The lines of standard input until it ends; in between it waits, so that this serves one-shot reading and following alike. `signal` closes it. */
export function readStdin(stream: Readable = process.stdin, signal?: AbortSignal): AsyncGenerator<LineBatch> {
  return readStream('-', documentsAsLines('-', signal ? addAbortSignal(signal, stream) : stream));
}
