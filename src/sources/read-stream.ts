import { addAbortSignal, type Readable } from 'node:stream';
import { compressedTrouble } from './lines/compression.ts';
import { DocumentLines } from './lines/document-lines.ts';
import { LineSplitter } from './lines/line-splitter.ts';
import type { LineBatch, LineBytes } from './source.ts';
import { SourceError, trouble } from './trouble.ts';

/** The lines of a stream of bytes, a batch a chunk; an unterminated last line comes alone and marked. Constant memory, as fast as the reader asks. Where `signal` stopped the bytes, nothing is known of the last line. */
export async function* readStream(
  source: string,
  chunks: AsyncIterable<LineBytes>,
  signal?: AbortSignal,
): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter();
  let first = 1;
  let last: Pick<LineBytes, 'form'> = {};
  const rest = function* (): Generator<LineBatch> {
    const line = splitter.end();
    if (line !== null && !signal?.aborted)
      yield { source, first, lines: [line], ...last, unterminated: true };
  };
  try {
    for await (const { bytes, ...form } of chunks) {
      const lines = splitter.push(bytes);
      if (lines.length > 0) yield { source, first, lines, ...form };
      first += lines.length;
      last = form;
    }
  } catch (error) {
    yield* rest();
    throw error;
  }
  yield* rest();
}

/** The same bytes, in which a JSON document has become lines. One that ends in the middle throws a SourceError behind its last record. */
export async function* documentsAsLines(
  source: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<LineBytes> {
  const documents = new DocumentLines();
  try {
    let isStart = true;
    for await (const chunk of chunks) {
      const compressed = isStart ? compressedTrouble(source, chunk) : null;
      if (compressed) throw new SourceError(compressed);
      isStart = false;
      yield* documents.push(chunk);
    }
  } catch (error) {
    yield* documents.end();
    throw error;
  }
  const isCut = documents.isOpen;
  yield* documents.end();
  if (isCut || documents.isOpen)
    throw new SourceError({
      ...trouble(
        source,
        'the JSON document ends in the middle',
        'save it again, or wait until it is written',
      ),
      line: documents.line,
    });
}

/** Bytes that are lines as they are. */
export async function* asLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LineBytes> {
  for await (const bytes of chunks) yield { bytes };
}

/** The lines of standard input until it ends; in between it waits, so that this serves one-shot reading and following alike. `signal` closes it. */
export function readStdin(stream: Readable = process.stdin, signal?: AbortSignal): AsyncGenerator<LineBatch> {
  return readStream('-', documentsAsLines('-', signal ? addAbortSignal(signal, stream) : stream));
}
