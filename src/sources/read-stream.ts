import { addAbortSignal, type Readable } from 'node:stream';
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
  for await (const { bytes, ...form } of chunks) {
    const lines = splitter.push(bytes);
    if (lines.length > 0) yield { source, first, lines, ...form };
    first += lines.length;
    last = form;
  }
  const rest = splitter.end();
  if (rest !== null && !signal?.aborted) yield { source, first, lines: [rest], ...last, unterminated: true };
}

/** The same bytes, in which a JSON document has become lines. One that ends in the middle throws a SourceError behind its last record. */
export async function* documentsAsLines(
  source: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<LineBytes> {
  const documents = new DocumentLines();
  for await (const chunk of chunks) yield* documents.push(chunk);
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
