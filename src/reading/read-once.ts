import { addAbortSignal } from 'node:stream';
import type { PartialLog } from '../core/completeness.ts';
import type { Problem } from '../core/problem.ts';
import { listFiles, nameOf } from '../sources/named/expand.ts';
import { readBytes } from '../sources/read-file.ts';
import { asLines, documentsAsLines, readStream } from '../sources/read-stream.ts';
import type { RecordLines } from '../sources/nats/records/stream-reading.ts';
import type { Line, LineBatch, LineBytes, SourceSpec } from '../sources/source.ts';
import { SourceError, troubleOf } from '../sources/trouble.ts';
import type { ResolvedSources } from './resolve-sources.ts';

/** The content of one source, to be read once and to its end, as bytes or as lines. */
export interface OnceSource {
  readonly name: string;
  /** The name is a file's path. */
  readonly isFile: boolean;
  /** A chunk is overwritten after the next one. */
  readonly bytes: () => AsyncIterable<LineBytes>;
  readonly batches: () => AsyncIterable<LineBatch>;
  /** Only for a source that by design may not hold every record: what is known of that once it was read. */
  readonly partial?: () => PartialLog | null;
}

/** The log of a mediator that is not up is only named: it may be long, and nobody asked for it. */
const nothingFound = ([log]: readonly string[]): Problem => ({
  source: 'discovery',
  line: null,
  column: null,
  severity: 'warning',
  why:
    log === undefined
      ? 'no system of this machine has a log where it is looked for'
      : `no mediator is up; its audit log is ${log}`,
  remedy: log === undefined ? 'name a SOURCE' : 'name it as a SOURCE',
});

/** Opens the present content of the sources, in reading order, and tells which of them cannot be read. Sockets are read until the peer ends them; `signal` ends every reading. */
export async function openOnce(
  { specs, mayBeAbsent, wasDiscovered, history, meant }: Omit<ResolvedSources, 'workspace'>,
  signal: AbortSignal,
): Promise<{ readonly streams: readonly OnceSource[]; readonly problems: readonly Problem[] }> {
  const { files, problems: found } = await listFiles(specs);
  const problems = found
    .filter(({ source, why }) => why !== 'does not exist' || !mayBeAbsent.has(source))
    .map(problem => withMeant(problem, meant));
  if (wasDiscovered && specs.length === 0) problems.push(nothingFound(history));
  const once = (name: string, bytes: OnceSource['bytes'], isFile = false): OnceSource => ({
    name,
    isFile,
    bytes,
    batches: () => readStream(name, bytes(), signal),
  });
  const streams = files.map(path => once(path, () => readBytes(path, signal), true));
  for (const spec of specs) {
    if (spec.type === 'stdin')
      streams.push(
        once('-', () =>
          untilStopped('-', documentsAsLines('-', addAbortSignal(signal, process.stdin)), signal),
        ),
      );
    if (spec.type === 'socket') streams.push(once(`unix:${spec.path}`, () => socketBytes(spec.path, signal)));
    if (spec.type === 'command') streams.push(once(spec.name, () => commandBytes(spec, signal)));
    if (spec.type === 'nats') streams.push(natsStream(spec, signal));
    if (spec.type === 'url') streams.push(once(nameOf(spec), () => endpointBytes(spec, signal)));
  }
  return { streams, problems };
}

/** Its completeness is known once it was read. The modules of NATS are loaded with the first such source. */
function natsStream(spec: SourceSpec & { readonly type: 'nats' }, signal: AbortSignal): OnceSource {
  const name = nameOf(spec);
  let known: PartialLog | null = null;
  const read = async function* (): AsyncGenerator<RecordLines> {
    const [{ readRecords }, { reachableStream }] = await Promise.all([
      import('../sources/nats/records/read-records.ts'),
      import('../sources/nats/records/reachable-stream.ts'),
    ]);
    yield* readRecords(reachableStream(spec), { signal, onPartial: partial => (known = partial) });
  };
  return {
    name,
    isFile: false,
    bytes: async function* () {
      for await (const { lines } of read()) yield { bytes: bytesOf(lines) };
    },
    batches: async function* () {
      for await (const { source = name, first, behind, lines } of read())
        yield { source, first, ...(behind ? { behind } : {}), lines };
    },
    partial: () => known,
  };
}

/** Of a line too long to be held only its length is known: as many blanks are as long. */
const bytesOf = (lines: readonly Line[]): Buffer =>
  Buffer.concat(
    lines.map(line =>
      typeof line === 'string' ? Buffer.from(`${line}\n`) : Buffer.alloc(line.bytes + 1, ' ').fill('\n', -1),
    ),
  );

/** A word that names a workspace is told as one. */
function withMeant(problem: Problem, meant: ResolvedSources['meant']): Problem {
  const workspace = meant.get(problem.source);
  if (workspace === undefined || problem.why !== 'does not exist') return problem;
  return { ...problem, why: `does not exist, but ${workspace} does`, remedy: `name it as ${workspace}` };
}

/** Node's network module is loaded with the first socket. */
async function* socketBytes(path: string, signal: AbortSignal): AsyncGenerator<LineBytes> {
  const { createConnection } = await import('node:net');
  const socket = createConnection(path);
  yield* untilStopped(`unix:${path}`, asLines(addAbortSignal(signal, socket)), signal);
}

async function* endpointBytes(
  spec: SourceSpec & { readonly type: 'url' },
  signal: AbortSignal,
): AsyncGenerator<LineBytes> {
  const { readEndpoint } = await import('../sources/endpoint/read-endpoint.ts');
  yield* asLines(readEndpoint(nameOf(spec), spec, { signal, now: Date.now }));
}

async function* commandBytes(
  { name, argv }: SourceSpec & { readonly type: 'command' },
  signal: AbortSignal,
): AsyncGenerator<LineBytes> {
  const { readCommand } = await import('../sources/command/read-command.ts');
  yield* asLines(readCommand(name, argv, signal));
}

/** Ends quietly when the signal ends the stream. Throws a SourceError when anything else does. */
async function* untilStopped(
  name: string,
  chunks: AsyncIterable<LineBytes>,
  signal: AbortSignal,
): AsyncGenerator<LineBytes> {
  try {
    yield* chunks;
  } catch (error) {
    if (!signal.aborted) throw error instanceof SourceError ? error : new SourceError(troubleOf(error, name));
  }
}
