import type { FileHandle } from 'node:fs/promises';
import { DocumentLines } from './document-lines.ts';
import { Fingerprint } from './fingerprint.ts';
import { LineSplitter } from './line-splitter.ts';
import type { OpenFile } from './open-regular.ts';
import type { LineBatch } from './source.ts';

/** Small enough for a screen to stay alive between two chunks, large enough to read at the speed of the decoder. */
const CHUNK_BYTES = 256 * 1024;

/** What one reading found: how much was new, and whether what we had consumed is no longer there. */
export interface ReadOn {
  readonly bytes: number;
  readonly isTruncated: boolean;
}

/**
 * One physical file while it is followed, whatever its name: how far it was read, and by which bytes it is known again. It may be
 * closed and continued later; it is read by one owner at a time.
 */
export class LogFile {
  readonly key: string;
  readonly name: string;
  /** When it last grew, on the clock of performance.now(). */
  grewAt: number;
  #handle: FileHandle | null;
  #size: number;
  #print = new Fingerprint();
  #splitter = new LineSplitter();
  #documents = new DocumentLines();
  #first = 1;
  #unchanged = '';

  constructor({ key, path, handle, size, modifiedMs }: OpenFile) {
    this.key = key;
    this.name = path;
    this.#handle = handle;
    this.#size = size;
    this.grewAt = performance.now() - Math.max(0, Date.now() - modifiedMs);
  }

  get isOpen(): boolean {
    return this.#handle !== null;
  }

  /** Nothing was consumed yet. */
  get isFresh(): boolean {
    return this.#print.bytes === 0;
  }

  /** Bytes that stood there, unread, when it was last looked at. */
  get unreadBytes(): number {
    return Math.max(0, this.#size - this.#print.bytes);
  }

  /** Reads to the end that the file has now, handing on whole lines; stops between two chunks when `signal` says so. */
  async readOn(deliver: (batch: LineBatch, bytes: number) => void, signal: AbortSignal): Promise<ReadOn> {
    const handle = this.#opened();
    const { size, mtimeNs } = await handle.stat({ bigint: true });
    const [start, end, state] = [this.#print.bytes, Number(size), `${size} ${mtimeNs}`];
    this.#size = end;
    if (end < start) return { bytes: 0, isTruncated: true };
    if (state === this.#unchanged) return { bytes: 0, isTruncated: false };
    if (end === start && !(await this.#print.isStartOf(handle))) return { bytes: 0, isTruncated: true };
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end - start));
    while (this.#print.bytes < end) {
      const length = Math.min(chunk.length, end - this.#print.bytes);
      const { bytesRead } = await handle.read(chunk, 0, length, this.#print.bytes);
      // Looked at after reading: what was there before the chunk still is, so the chunk is its continuation.
      const isTruncated = bytesRead === 0 || !(await this.#print.isStartOf(handle));
      if (isTruncated || signal.aborted) return { bytes: this.#print.bytes - start, isTruncated };
      this.#consume(chunk.subarray(0, bytesRead), deliver);
    }
    this.#unchanged = state;
    return { bytes: end - start, isTruncated: false };
  }

  /** Hands on the unterminated tail, if there is one: no more will come. */
  finish(deliver: (batch: LineBatch) => void): void {
    const held = this.#splitter.push(this.#documents.end());
    if (held.length > 0) deliver({ source: this.name, first: this.#first, lines: held });
    this.#first += held.length;
    const rest = this.#splitter.end();
    if (rest === null) return;
    deliver({ source: this.name, first: this.#first, lines: [rest], unterminated: true });
    this.#first += 1;
  }

  /** Begins anew at the file's start, for it was truncated. */
  restart(): void {
    this.#print = new Fingerprint();
    this.#splitter = new LineSplitter();
    this.#documents = new DocumentLines();
    this.#first = 1;
    this.#unchanged = '';
  }

  /**
   * Takes the place of `original`, which was truncated after this copy of it was made: what we read there counts as read here.
   * False, and nothing done, when this is no such copy.
   */
  async takeOver(original: LogFile): Promise<boolean> {
    const handle = this.#opened();
    if (original.isFresh) return false;
    if (await original.#print.isStartOf(handle)) {
      [this.#print, this.#splitter, this.#first] = [original.#print, original.#splitter, original.#first];
      this.#documents = original.#documents;
      original.restart();
      return true;
    }
    // Lines that we read were written between the copy and the truncation: nothing in the copy is new.
    if (await original.#print.covers(handle, this.#size))
      this.#print = await Fingerprint.of(handle, this.#size);
    return false;
  }

  /** Whether a file that was closed holds now exactly what was consumed of it. */
  async isAllRead({ handle, size }: OpenFile): Promise<boolean> {
    return size === this.#print.bytes && this.#print.isStartOf(handle);
  }

  /** Goes on with a file that was closed, if this is still the one; else begins anew. */
  async reopen({ handle, size }: OpenFile): Promise<void> {
    this.#handle = handle;
    this.#size = size;
    if (size < this.#print.bytes || !(await this.#print.isStartOf(handle))) this.restart();
  }

  /** Gives the handle back; the place is remembered. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  #opened(): FileHandle {
    if (!this.#handle) throw new Error(`${this.name} is read while closed`);
    return this.#handle;
  }

  #consume(chunk: Buffer, deliver: (batch: LineBatch, bytes: number) => void): void {
    const lines = this.#splitter.push(this.#documents.push(chunk));
    const first = this.#first;
    this.#print.extend(chunk);
    this.#first += lines.length;
    this.grewAt = performance.now();
    deliver({ source: this.name, first, lines }, chunk.length);
  }
}
