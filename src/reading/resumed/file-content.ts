import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { gunzipped } from '../../sources/lines/gunzip.ts';
import { SourceError } from '../../sources/trouble.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Bytes at each end of what was counted that tell a file from others. */
const SAMPLE_BYTES = 1024;

/** The marks of a file that was counted up to `offset`: hashes of its first bytes and of the last ones before the offset. */
export interface FilePrint {
  readonly offset: number;
  readonly headBytes: number;
  readonly head: string;
  readonly last: string;
}

/** An open file as its content, decompressed where it is a `.gz`. */
export class FileContent {
  readonly path: string;
  /** `dev:ino`. */
  readonly device: string;
  /** Changes with every write: size and time of the file. */
  readonly stamp: string;
  /** Of the content; null for a compressed one. */
  readonly size: number | null;
  readonly #handle: FileHandle;
  /** Hashes of the first bytes, by their number: a file is compared with the prints of many. */
  readonly #heads = new Map<number, string>();

  private constructor(
    path: string,
    handle: FileHandle,
    stats: { device: string; stamp: string; size: number },
  ) {
    [this.path, this.#handle, this.device, this.stamp] = [path, handle, stats.device, stats.stamp];
    this.size = path.endsWith('.gz') ? null : stats.size;
  }

  /** Opens a regular file; null for anything else. Throws the system's error. */
  static async open(path: string): Promise<FileContent | null> {
    const handle = await open(path);
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) {
      await handle.close();
      return null;
    }
    const { dev, ino, size, mtimeNs } = stats;
    return new FileContent(path, handle, {
      device: `${dev}:${ino}`,
      stamp: `${size}:${mtimeNs}`,
      size: Number(size),
    });
  }

  /** The content from a place on, in pieces that may be kept. Throws a SourceError behind the last of them when a compressed file is cut off or damaged. */
  async *from(offset: number): AsyncGenerator<Buffer> {
    if (this.size === null) yield* this.#unzipped(offset);
    else yield* this.#plain(offset);
  }

  async *#plain(offset: number): AsyncGenerator<Buffer> {
    for (let at = offset; ;) {
      const { bytesRead, buffer } = await this.#handle.read(
        Buffer.allocUnsafe(CHUNK_BYTES),
        0,
        CHUNK_BYTES,
        at,
      );
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async *#unzipped(offset: number): AsyncGenerator<Buffer> {
    const from = (place: number): AsyncIterable<Buffer> => this.#plain(place);
    let at = 0;
    for await (const chunk of gunzipped({ source: this.path, from, isSeekable: true })) {
      if (at + chunk.length > offset) yield chunk.subarray(Math.max(0, offset - at));
      at += chunk.length;
    }
  }

  /** Up to `length` bytes of the content; fewer where it ends, or can be decompressed no further. */
  async bytesAt(offset: number, length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    if (this.size !== null) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    }
    const pieces: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const piece of this.from(offset)) {
        pieces.push(piece);
        bytes += piece.length;
        if (bytes >= length) break;
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error; // the content ends where nothing more can be decompressed
    }
    return Buffer.concat(pieces).subarray(0, length);
  }

  /** The print of the content up to an offset. */
  async print(offset: number): Promise<FilePrint> {
    const headBytes = Math.min(offset, SAMPLE_BYTES);
    return {
      offset,
      headBytes,
      head: await this.#head(headBytes),
      last: await this.#last(offset, headBytes),
    };
  }

  async #head(bytes: number): Promise<string> {
    const head = this.#heads.get(bytes) ?? hash(await this.bytesAt(0, bytes));
    this.#heads.set(bytes, head);
    return head;
  }

  async #last(offset: number, bytes: number): Promise<string> {
    return hash(await this.bytesAt(offset - bytes, bytes));
  }

  /** Whether the content begins with what was printed. */
  async beginsAs({ offset, headBytes, head, last }: FilePrint): Promise<boolean> {
    if (this.size !== null && this.size < offset) return false;
    return (await this.#head(headBytes)) === head && (await this.#last(offset, headBytes)) === last;
  }

  /** Whether the content is shorter than what was printed and begins alike: a copy that was made before the last lines came. */
  async isCoveredBy(print: FilePrint): Promise<boolean> {
    if (this.size === null || this.size >= print.offset || this.size < SAMPLE_BYTES) return false;
    return (await this.#head(print.headBytes)) === print.head;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** A print as one word, which a ledger carries. */
export const printText = ({ offset, headBytes, head, last }: FilePrint): string =>
  `${offset}-${headBytes}-${head}-${last}`;

/** The print that a word tells; null for any other word. */
export function parsePrint(text: string): FilePrint | null {
  const [, offset, headBytes, head = '', last = ''] =
    /^(\d{1,16})-(\d{1,4})-([0-9a-f]{32})-([0-9a-f]{32})$/.exec(text) ?? [];
  const print = { offset: Number(offset), headBytes: Number(headBytes), head, last };
  return head !== '' && print.headBytes === Math.min(print.offset, SAMPLE_BYTES) ? print : null;
}
