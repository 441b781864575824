import { LineSplitter } from './line-splitter.ts';
import type { LineBatch } from './source.ts';

/** The lines of a stream of bytes, a batch a chunk; an unterminated last line comes alone and marked. Constant memory, as fast as the reader asks. */
export async function* readStream(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter();
  let first = 1;
  for await (const chunk of chunks) {
    const lines = splitter.push(chunk);
    if (lines.length > 0) yield { source, first, lines };
    first += lines.length;
  }
  const rest = splitter.end();
  if (rest !== null) yield { source, first, lines: [rest], unterminated: true };
}
