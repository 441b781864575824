import { isObject, text } from '../../core/record.ts';
import { lineStartBefore, LINE_START_BYTES, type ReadAt } from './line-start.ts';

/** One line of a collector that cuts long lines into pieces. */
interface Piece {
  /** Pieces of one line have the same stream. */
  readonly stream: string;
  /** The rest of its line is to come. */
  readonly goesOn: boolean;
}

/** The streams of a container: once both were seen, nothing further back matters. */
const STREAMS = 2;

const CRI = /^\d{4}-\d\d-\d\dT\S+ (?<stream>stdout|stderr) (?<tag>[FP])(?:[: ]|$)/;

/** Docker's json-file ends the last piece of a line in a line feed; the container runtime tags all but the last with P. Null for other lines. */
function pieceOf(line: string): Piece | null {
  const { stream, tag } = CRI.exec(line)?.groups ?? {};
  if (stream !== undefined) return { stream, goesOn: tag === 'P' };
  try {
    const record: unknown = JSON.parse(line);
    if (!isObject(record) || typeof record['log'] !== 'string') return null;
    return { stream: text(record, 'stream') ?? '', goesOn: !record['log'].endsWith('\n') };
  } catch {
    return null; // torn, or something else
  }
}

/**
 * The last place at or before `place` where a line begins and none is unfinished, in a log of docker or the container runtime. 0 where
 * there is no other. A stream that is silent for 256 KiB counts as one with nothing unfinished.
 */
export async function wholeLineStartBefore(place: number, read: ReadAt): Promise<number> {
  for (let wanted = place; ;) {
    const start = await lineStartBefore(wanted, read);
    const unfinished = start === 0 ? null : await unfinishedBefore(start, read);
    if (unfinished === null) return start;
    wanted = unfinished;
  }
}

/** Where the last piece begins, before `end`, whose rest is to come behind it; null where there is none. */
async function unfinishedBefore(end: number, read: ReadAt): Promise<number | null> {
  const from = Math.max(0, end - LINE_START_BYTES);
  const bytes = await read(from, end - from);
  const seen = new Set<string>();
  let found: number | null = null;
  for (let lineEnd = bytes.length - 1; lineEnd > 0 && seen.size < STREAMS;) {
    const before = bytes.lastIndexOf(0x0a, lineEnd - 1);
    if (before < 0 && from > 0) break; // its beginning lies further back
    const piece = pieceOf(bytes.toString('utf8', before + 1, lineEnd));
    if (piece && !seen.has(piece.stream)) {
      seen.add(piece.stream);
      if (piece.goesOn) found = from + before + 1;
    }
    lineEnd = before;
  }
  return found;
}
