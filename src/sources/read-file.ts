import { constants, createReadStream, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipped } from './lines/gunzip.ts';
import { documentsAsLines, readStream } from './read-stream.ts';
import type { LineBatch, LineBytes } from './source.ts';
import { SourceError, troubleOf } from './trouble.ts';

const CHUNK_BYTES = 1024 * 1024;
/** How often a named FIFO is looked at until its first writer has come. */
const FIFO_POLL_MS = 50;

/** The lines of a file, read once from start to end as `readBytes` does. */
export const readLines = (path: string, signal?: AbortSignal): AsyncGenerator<LineBatch> =>
  readStream(path, readBytes(path, signal), signal);

/**
 * The bytes of a file, read once from start to end. It may be a regular file, a `.gz` (decompressed on the way), a FIFO, or a pipe as
 * `/dev/fd/63`. Ends quietly when `signal` stops a pipe. Throws a SourceError, after the bytes that could be read, when the file cannot be
 * read on.
 */
export async function* readBytes(path: string, signal?: AbortSignal): AsyncGenerator<LineBytes> {
  try {
    if (path.endsWith('.gz')) yield* unzippedFile(path, signal);
    else yield* documentsAsLines(path, await bytesOf(path, signal));
  } catch (error) {
    if (!signal?.aborted)
      throw error instanceof SourceError ? error : new SourceError(troubleOf(error, path));
  }
}

async function* unzippedFile(path: string, signal?: AbortSignal): AsyncGenerator<LineBytes> {
  if ((await stat(path)).isFile()) yield* unzippedBytes(path, await open(path));
  else {
    const file = { source: path, from: () => pipeBytes(path, signal), isSeekable: false };
    yield* documentsAsLines(path, gunzipped(file));
  }
}

/** The bytes of a compressed file, as `readBytes` gives them; `read` hears, behind each chunk, how many of the compressed ones that took. Closes the file. */
export async function* unzippedBytes(
  path: string,
  handle: FileHandle,
  read?: (bytes: number) => void,
): AsyncGenerator<LineBytes> {
  const from = (start: number): AsyncIterable<Buffer> =>
    createReadStream(path, { fd: handle, start, autoClose: false });
  try {
    yield* documentsAsLines(path, gunzipped({ source: path, from, isSeekable: true, read }));
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(troubleOf(error, path));
  } finally {
    await handle.close();
  }
}

async function bytesOf(path: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>> {
  if ((await stat(path)).isFIFO()) return pipeBytes(path, signal);
  return regularBytes(path, signal);
}

/** Two buffers take turns, so that the next chunk is read while one is worked on; what is yielded is overwritten after the next one. */
async function* regularBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const handle = await open(path);
  try {
    let [buffer, other] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let reading = handle.read(buffer, 0, CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0 || signal?.aborted) return;
      const chunk = buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
      reading = handle.read(buffer, 0, CHUNK_BYTES);
      reading.catch(() => undefined); // its failure is thrown where it is awaited
      yield chunk;
    }
  } finally {
    await handle.close(); // waits for a reading that is under way
  }
}

/**
 * A pipe's bytes, read without blocking: a read that blocks a thread of the pool would keep the whole process from ending. A named
 * FIFO without a writer looks empty then, so it is opened again until bytes came. An inherited pipe is over when it is empty.
 */
async function* pipeBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const { Socket } = await import('node:net');
  const isInherited = /^\/(dev|proc)\//.test(path);
  for (let bytes = 0; bytes === 0;) {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const pipe = new Socket({ fd, readable: true, writable: false });
    const chunks: AsyncIterable<Buffer> = signal ? addAbortSignal(signal, pipe) : pipe;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
    if (isInherited) return;
    if (bytes === 0) await pause(FIFO_POLL_MS);
  }
}
