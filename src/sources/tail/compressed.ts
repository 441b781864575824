import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import type { FileRegistry } from './file-registry.ts';
import type { OlderWatch } from './older-lines.ts';
import { openRegular, type OpenFile } from './open-regular.ts';
import { unzippedBytes } from '../read-file.ts';
import { readStream } from '../read-stream.ts';
import { rotatedHistory } from '../named/rotated-history.ts';
import type { Following, LineBatch, LineBytes, OlderBlock, OlderPart, SourceListener } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { SourceError, trouble } from '../trouble.ts';

/** The listener of a compressed log, and the files that are read already. */
interface CompressedContext {
  readonly listener: SourceListener;
  readonly registry: FileRegistry;
}

/** A compressed file of a log's history, held open. */
export interface CompressedFile {
  readonly name: string;
  readonly handle: FileHandle;
  /** Bytes, compressed. */
  readonly size: number;
  readonly modifiedMs: number;
}

/** The compressed history of a log that nobody has read, oldest first. Only for the start: a `.gz` that appears later was made of a file that was read before. */
export async function claimCompressed(
  path: string,
  registry: FileRegistry,
): Promise<readonly CompressedFile[]> {
  const claimed: CompressedFile[] = [];
  for (const name of await rotatedHistory(path)) {
    const open = name.endsWith('.gz') ? await openRegular(name) : null;
    const file = open && 'handle' in open ? await claim(open, registry) : null;
    if (file) claimed.push(file);
  }
  return claimed;
}

/** The file, unless it is read already or was. */
async function claim(open: OpenFile, registry: FileRegistry): Promise<CompressedFile | null> {
  const isNew = registry.get(open.key) === null;
  const file = await registry.claim(open);
  if (isNew && file)
    return { name: open.path, handle: file.takeHandle(), size: open.size, modifiedMs: open.modifiedMs };
  await file?.close();
  return null;
}

/** Reads one compressed log to its end: nothing is added to such a file. One that another source has read has ended, too. */
export function followCompressed(path: string, { listener, registry }: CompressedContext): Following {
  const report = new StatusReport(path, listener);
  const stopping = new AbortController();
  async function read(): Promise<void> {
    const open = (await openRegular(path)) ?? trouble(path, 'is not there', 'name a log that is there');
    const file = 'handle' in open ? await claim(open, registry) : null;
    if (file) report.expect(file.size);
    const reader = {
      lines: (batch: LineBatch) => listener.lines(batch),
      progress: (bytes: number) => report.progress(bytes),
      signal: stopping.signal,
    };
    const problem = 'handle' in open ? await readCompressed(file ? [file] : [], reader) : open;
    if (stopping.signal.aborted) return;
    if (problem) report.settle('failed', `${problem.why}; ${problem.remedy ?? ''}`);
    else report.settle('ended');
  }
  const reading = read();
  return {
    caughtUp: reading,
    stop: () => {
      stopping.abort();
      return reading;
    },
  };
}

/** The reader of compressed files, until the signal. */
interface CompressedReader {
  readonly lines: (batch: LineBatch) => void;
  /** So many more compressed bytes are read. */
  readonly progress?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Reads compressed files, once. Returns what was wrong with one that could not be read to its end; the others are read all the same. */
export async function readCompressed(
  files: readonly CompressedFile[],
  { lines, progress, signal }: CompressedReader,
): Promise<Problem | null> {
  let problem: Problem | null = null;
  for (const { name, handle } of files) {
    try {
      for await (const batch of readStream(name, unzippedBytes(name, handle, progress))) {
        if (signal.aborted) return null;
        lines(batch);
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problem = error.problem;
    }
  }
  return problem;
}

/** A compressed file that is left for later: one block, since it can be read only from its start on. */
export class CompressedPart implements OlderPart {
  readonly source: string;
  readonly modifiedMs: number;
  readonly bytes: number;
  readonly lines: { count: number | null } = { count: null };
  readonly #handle: FileHandle;
  readonly #watch: OlderWatch;
  #unread: number;

  constructor({ name, handle, size, modifiedMs }: CompressedFile, watch: OlderWatch) {
    [this.source, this.modifiedMs, this.bytes, this.#unread] = [name, modifiedMs, size, size];
    [this.#handle, this.#watch] = [handle, watch];
  }

  get unreadBytes(): number {
    return this.#unread;
  }

  async *blocks(signal: AbortSignal): AsyncGenerator<OlderBlock> {
    try {
      yield { isStart: true, chunks: this.#chunks(signal) };
    } finally {
      this.#watch.over(this.#unread);
    }
  }

  async *#chunks(signal: AbortSignal): AsyncGenerator<LineBytes> {
    const read = (bytes: number): void => {
      this.#unread -= bytes;
      this.#watch.progress(bytes);
    };
    try {
      for await (const chunk of unzippedBytes(this.source, this.#handle, read)) {
        if (signal.aborted) return;
        yield chunk;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
