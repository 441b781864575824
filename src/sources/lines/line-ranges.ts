import { constants, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { compressionOf } from './compression.ts';
import { startOf } from './document-start.ts';

/** Whole lines of a file: bytes from `start` to `end`; without end up to wherever the file ends when it is read. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A file that is held open, so that it stays the same one however it is renamed meanwhile. */
export interface RangedFile {
  /** For all threads: reading at a position moves no other reader. */
  readonly fd: number;
  readonly ranges: readonly LineRange[];
  readonly close: () => Promise<void>;
}

/** Where a file is cut, at the line end behind; none for a file that is left whole. */
export type Cuts = (fileBytes: number) => readonly number[];

const LF = 0x0a;
const BLOCK_BYTES = 64 * 1_024;
/** A line end is looked for so far; where there is none, two ranges stay one. */
const FARTHEST_BYTES = 4 * 1_024 * 1_024;

/**
 * Opens a large regular file that holds lines, and divides it where lines end. Null for any other file, also for one that cannot be
 * opened: who then reads it as a whole learns why.
 */
export async function openInRanges(path: string, cuts: Cuts): Promise<RangedFile | null> {
  if (path.endsWith('.gz')) return null;
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  const ranges = handle && (await rangesOf(handle, cuts).catch(() => []));
  if (handle && ranges && ranges.length > 1) return { fd: handle.fd, ranges, close: () => handle.close() };
  await handle?.close();
  return null;
}

async function rangesOf(handle: FileHandle, cuts: Cuts): Promise<readonly LineRange[]> {
  const found = await handle.stat();
  const wanted = found.isFile() ? cuts(found.size) : [];
  if (wanted.length === 0 || (await divisionOf(handle)) !== 'at lines') return [];
  const starts = [0];
  for (const cut of wanted) {
    const start = cut > (starts.at(-1) ?? 0) ? await lineStart(handle, cut) : null;
    if (start !== null) starts.push(start);
  }
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? Number.POSITIVE_INFINITY }));
}

/** How a log of a collector begins that cuts long lines into pieces: docker json-file, the container runtime. */
const PIECES = /^(?:\{\s*"(?:log|stream)"\s*:|\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [FP])/;
/** How a log of journald begins, which cuts them too, and has any number of streams. */
const JOURNAL = /^\{\s*"(?:MESSAGE|_[A-Z_]+)"\s*:/;

/**
 * The places at which a file may be divided so that its parts can be read apart from each other. They are where any line begins, or only
 * where no line is cut into pieces. There are none in one document, or where pieces may go on anywhere.
 */
export type Division = 'at lines' | 'at whole lines' | 'nowhere';

/** Tells the division by how the file begins. */
export async function divisionOf(handle: FileHandle): Promise<Division> {
  const firstBytes = async (most: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  };
  const bytes = await firstBytes(256);
  const start = bytes.toString('latin1');
  if (compressionOf(bytes) || JOURNAL.test(start)) return 'nowhere';
  if ((await startOf(firstBytes)).type !== 'lines') return 'nowhere';
  return PIECES.test(start) ? 'at whole lines' : 'at lines';
}

/** Where the first line begins that does so behind `from`; null when that is too far away, or at the file's end. */
async function lineStart(handle: FileHandle, from: number): Promise<number | null> {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let at = from; at < from + FARTHEST_BYTES;) {
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, at);
    const end = block.subarray(0, bytesRead).indexOf(LF);
    if (end >= 0) return at + end + 1;
    if (bytesRead === 0) return null;
    at += bytesRead;
  }
  return null;
}

/** Small enough to stay in a processor's cache between the reading and the walking. */
const RANGE_CHUNK_BYTES = 512 * 1_024;

/**
 * The bytes of a range, until its end or the file's; a chunk is overwritten after the next one. Reads at once, which is faster than
 * by way of a thread of the pool, and lets everything else have a turn between two chunks. Ends when `signal` aborts.
 */
export async function* readRange(
  fd: number,
  { start, end }: LineRange,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(RANGE_CHUNK_BYTES);
  for (let at = start; at < end && !signal.aborted;) {
    const bytesRead = readSync(fd, buffer, 0, Math.min(RANGE_CHUNK_BYTES, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
    await turn();
  }
}
