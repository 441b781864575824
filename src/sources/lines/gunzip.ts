import type { InflateRaw } from 'node:zlib';
import { grouped } from '../../core/grouped.ts';
import { SourceError, trouble } from '../trouble.ts';
import { PlacedBytes, type BytesFrom } from './placed-bytes.ts';

/** Compressed bytes at once: their text is held, which may be a thousand times as long. */
const PIECE_BYTES = 32 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Checksum and length of a member's text. */
const TRAILER_BYTES = 8;
const LENGTHS = 2 ** 32;

/** A gzip file, to be decompressed. */
export interface GzipFile {
  /** Its name in errors. */
  readonly source: string;
  readonly from: BytesFrom;
  /** Whether its bytes can be asked for twice. Only then is all given that stands before damaged ones. */
  readonly isSeekable: boolean;
  /** Hears, behind each chunk, how many compressed bytes it took. */
  readonly read?: ((bytes: number) => void) | undefined;
}

/** The text of one member so far. */
interface Member {
  bytes: number;
  crc: number;
}

/**
 * The text of a gzip file: all its members (RFC 1952) one after the other, with zero bytes between or behind them. Throws a SourceError
 * behind all that could be decompressed, where the file ends too early, is damaged, or goes on with something else.
 */
export async function* gunzipped(file: GzipFile): AsyncGenerator<Buffer> {
  const input = new PlacedBytes(file.from);
  let told = 0;
  const tell = (): void => {
    const { place } = input;
    if (place > told) file.read?.(place - told);
    told = Math.max(told, place);
  };
  try {
    for await (const chunk of members(file, input)) {
      yield chunk;
      tell();
    }
  } finally {
    tell();
    await input.close();
  }
}

async function* members(file: GzipFile, input: PlacedBytes): AsyncGenerator<Buffer> {
  let wrong: string | null = null;
  for (;;) {
    if (input.place > 0) await input.takeZeros();
    const start = input.place;
    const header = await headerLength(input);
    if (header === 'over' && start > 0) break;
    if (header === 'over' || header === 'cut') throw endsEarly(file);
    if (header === 'other' && start === 0)
      throw new SourceError(
        trouble(file.source, 'is not a gzip file', 'give it a name without .gz, or compress it again'),
      );
    if (header === 'other')
      throw await untilEnd(
        file,
        input,
        wrong === null ? 'behind the gzip data are not gzip' : `cannot be read; ${wrong}`,
      );
    input.take(header);
    const member = { bytes: 0, crc: 0 };
    yield* inflated(file, input, member);
    const trailer = await input.ahead(TRAILER_BYTES);
    if (trailer.length < TRAILER_BYTES) throw endsEarly(file);
    input.take(TRAILER_BYTES);
    if (trailer.readUInt32LE(0) !== member.crc || trailer.readUInt32LE(4) !== member.bytes % LENGTHS)
      wrong ??= `bytes ${range(start, input.place)} do not fit their checksum: lines in them may be altered`;
  }
  if (wrong !== null) throw new SourceError(trouble(file.source, wrong, 'compare it with another copy'));
}

/** The length of the header that comes next (RFC 1952, section 2.3), or why there is none. */
async function headerLength(input: PlacedBytes): Promise<number | 'over' | 'cut' | 'other'> {
  for (let wanted = 1; ;) {
    const bytes = await input.ahead(wanted);
    if (bytes.length === 0) return 'over';
    const length = headerEnd(bytes);
    if (typeof length === 'number') return length;
    if (length === 'other') return 'other';
    if (bytes.length < wanted) return 'cut';
    if (bytes.length > MAX_HEADER_BYTES) return 'other';
    wanted = 2 * bytes.length;
  }
}

const MAGIC = [0x1f, 0x8b, 0x08];
const FIXED_BYTES = 10;
/** A longer name or comment is no header of a log. */
const MAX_HEADER_BYTES = 1024 * 1024;
const [HEADER_CRC, EXTRA, NAME, COMMENT, RESERVED] = [0x02, 0x04, 0x08, 0x10, 0xe0];

function headerEnd(bytes: Buffer): number | 'more' | 'other' {
  if (MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return 'other';
  if (bytes.length < FIXED_BYTES) return 'more';
  const flags = bytes[3] ?? 0;
  if (flags & RESERVED) return 'other';
  let end = FIXED_BYTES;
  if (flags & EXTRA) {
    if (bytes.length < end + 2) return 'more';
    end += 2 + bytes.readUInt16LE(end);
  }
  for (const text of [NAME, COMMENT]) {
    if (!(flags & text)) continue;
    const zero = bytes.indexOf(0, end);
    if (zero < 0) return 'more';
    end = zero + 1;
  }
  if (flags & HEADER_CRC) end += 2;
  return end <= bytes.length ? end : 'more';
}

/** The text of the member whose data come next. Where they are damaged, it is inflated once more, byte by byte up to the damage. */
async function* inflated(file: GzipFile, input: PlacedBytes, member: Member): AsyncGenerator<Buffer> {
  const start = input.place;
  for (let slowFrom = Infinity; ; await input.goTo(start)) {
    if (yield* inflatedOnce(input, member, slowFrom)) break;
    if ((await input.ahead()).length === 0) throw endsEarly(file);
    if (input.place >= slowFrom || !file.isSeekable)
      throw await untilEnd(file, input, 'are damaged, and nothing in them can be read');
    slowFrom = input.place;
  }
}

/**
 * Takes the member's data up to their end, or up to the piece that cannot be inflated. Text that was given before is not given again.
 * Returns whether the data are whole.
 */
async function* inflatedOnce(
  input: PlacedBytes,
  member: Member,
  slowFrom: number,
): AsyncGenerator<Buffer, boolean> {
  const { createInflateRaw, crc32 } = await import('node:zlib');
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  let repeated = member.bytes;
  try {
    for (;;) {
      const most = input.place >= slowFrom ? 1 : Math.min(PIECE_BYTES, slowFrom - input.place);
      const piece = (await input.ahead()).subarray(0, most);
      if (piece.length === 0) return false;
      const { chunks, used } = await inflatePiece(inflate, piece);
      input.take(used ?? 0);
      for (const chunk of chunks) {
        const fresh = chunk.subarray(Math.min(repeated, chunk.length));
        repeated -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        member.crc = crc32(fresh, member.crc);
        member.bytes += fresh.length;
        yield fresh;
      }
      if (used === null || used < piece.length) return used !== null;
    }
  } finally {
    inflate.destroy();
  }
}

/** The text of one piece, and how many of its bytes were used: fewer than all where the data are over, null where they are damaged. */
function inflatePiece(
  inflate: InflateRaw,
  piece: Buffer,
): Promise<{ readonly chunks: readonly Buffer[]; readonly used: number | null }> {
  const chunks: Buffer[] = [];
  const before = inflate.bytesWritten;
  return new Promise(resolve => {
    inflate.removeAllListeners('data').removeAllListeners('error');
    inflate.on('data', (chunk: Buffer) => chunks.push(chunk));
    inflate.on('error', () => {
      resolve({ chunks, used: null });
    });
    inflate.write(piece, error => {
      if (!error) resolve({ chunks, used: inflate.bytesWritten - before });
    });
  });
}

const endsEarly = ({ source }: Pick<GzipFile, 'source'>): SourceError =>
  new SourceError(
    trouble(source, 'the compressed file ends too early', 'wait until it is written, or compress it again'),
  );

/** The error of a file whose bytes from here to its end are of no use. */
async function untilEnd({ source }: GzipFile, input: PlacedBytes, fault: string): Promise<SourceError> {
  const start = input.place;
  await input.takeAll();
  return new SourceError(
    trouble(source, `bytes ${range(start, input.place)} ${fault}`, 'all before them was read'),
  );
}

/** Bytes from `start` to before `end`, numbered from 1. */
const range = (start: number, end: number): string => `${grouped(start + 1)}–${grouped(end)}`;
