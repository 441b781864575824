import { createConnection } from 'node:net';
import type { Problem } from '../core/problem.ts';
import { listFiles } from '../sources/expand.ts';
import { readLines } from '../sources/read-file.ts';
import { readStdin } from '../sources/read-stdin.ts';
import { readStream } from '../sources/read-stream.ts';
import type { LineBatch } from '../sources/source.ts';
import { SourceError, troubleOf } from '../sources/trouble.ts';
import type { ResolvedSources } from './resolve-sources.ts';

/** One stream of lines, to be read to its end. */
export interface LineStream {
  readonly name: string;
  readonly batches: () => AsyncIterable<LineBatch>;
}

/** What the sources hold now, as streams in reading order, and what cannot be read. Sockets are read until the peer ends them. */
export async function openOnce(
  { specs, mayBeAbsent }: Pick<ResolvedSources, 'specs' | 'mayBeAbsent'>,
  signal: AbortSignal,
): Promise<{ readonly streams: readonly LineStream[]; readonly problems: readonly Problem[] }> {
  const { files, problems: found } = await listFiles(specs);
  const problems = found.filter(({ source, why }) => why !== 'does not exist' || !mayBeAbsent.has(source));
  const streams: LineStream[] = files.map(path => ({ name: path, batches: () => readLines(path, signal) }));
  for (const spec of specs) {
    if (spec.type === 'stdin') streams.push({ name: '-', batches: () => readStdin(process.stdin, signal) });
    if (spec.type === 'socket')
      streams.push({ name: `unix:${spec.path}`, batches: () => socketLines(spec.path, signal) });
  }
  return { streams, problems };
}

async function* socketLines(path: string, signal: AbortSignal): AsyncGenerator<LineBatch> {
  const name = `unix:${path}`;
  const socket = createConnection(path);
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  try {
    yield* readStream(name, socket);
  } catch (error) {
    if (!signal.aborted) throw new SourceError(troubleOf(error, name));
  }
}
