import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { compressedTrouble } from '../lines/compression.ts';
import { DocumentLines } from '../lines/document-lines.ts';
import { Fingerprint } from './fingerprint.ts';
import { wholeLineStartBefore } from '../lines/line-pieces.ts';
import { divisionOf } from '../lines/line-ranges.ts';
import { LineSplitter } from '../lines/line-splitter.ts';
import { lineStartBefore, type ReadAt } from '../lines/line-start.ts';
import type { OpenFile } from './open-regular.ts';
import type { Portions } from './portions.ts';
import { OlderLines, type OlderWatch } from './older-lines.ts';
import type { Line, LineBatch, LineBytes } from '../source.ts';

/** Small enough for a screen to stay alive between two chunks, large enough to read at the speed of the decoder. */
const CHUNK_BYTES = 256 * 1024;
/** The first chunk of a reading: its lines are on a screen before the next ones are decoded. Each further chunk may be twice as large. */
const FIRST_CHUNK_BYTES = 16 * 1024;

/** The result of one reading: the number of new bytes, and whether the bytes consumed before are gone. */
export interface ReadOn {
  readonly bytes: number;
  readonly isTruncated: boolean;
  /** Why nothing of the file is read; absent for most. */
  readonly problem?: Problem;
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
  #older: OlderLines | null = null;
  readonly #modifiedMs: number;

  constructor({ key, path, handle, size, modifiedMs }: OpenFile) {
    this.key = key;
    this.name = path;
    this.#handle = handle;
    this.#size = size;
    this.#modifiedMs = modifiedMs;
    this.grewAt = performance.now() - Math.max(0, Date.now() - modifiedMs);
  }

  get isOpen(): boolean {
    return this.#handle !== null;
  }

  /** Nothing was consumed yet. */
  get isFresh(): boolean {
    return this.#print.bytes === 0;
  }

  /** Nothing of it was left for later that is not read yet. */
  get isWhole(): boolean {
    return this.#older?.isOver ?? true;
  }

  /** Bytes that stood there, unread, when it was last looked at. */
  get unreadBytes(): number {
    return Math.max(0, this.#size - this.#print.bytes);
  }

  /**
   * Leaves its lines for later, all but those that begin in about the last `newestBytes`, which are read next. Null, and all of them
   * are read next, where it holds no lines, or none that could be left.
   */
  async leaveOlder(newestBytes: number, portions: Portions, watch: OlderWatch): Promise<OlderLines | null> {
    const handle = this.#opened();
    const read: ReadAt = async (at, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    const division = await divisionOf(handle);
    if (division === 'nowhere') return null;
    const startBefore = division === 'at lines' ? lineStartBefore : wholeLineStartBefore;
    const end = await startBefore(this.#size - newestBytes, read);
    if (end === 0) return null;
    this.#print = await Fingerprint.of(handle, end);
    [this.#splitter, this.#documents] = [new LineSplitter(false), new DocumentLines(true)];
    const [source, modifiedMs] = [this.name, this.#modifiedMs];
    this.#older = await OlderLines.of({
      source,
      handle,
      modifiedMs,
      end,
      startBefore,
      portions,
      watch,
    });
    return this.#older;
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
    for (let most = FIRST_CHUNK_BYTES; this.#print.bytes < end; most *= 2) {
      const length = Math.min(most, chunk.length, end - this.#print.bytes);
      const { bytesRead } = await handle.read(chunk, 0, length, this.#print.bytes);
      // Looked at after reading: what was there before the chunk still is, so the chunk is its continuation.
      const isTruncated = bytesRead === 0 || !(await this.#print.isStartOf(handle));
      if (isTruncated || signal.aborted) return { bytes: this.#print.bytes - start, isTruncated };
      const problem = this.isFresh ? compressedTrouble(this.name, chunk.subarray(0, bytesRead)) : null;
      if (problem) return { bytes: 0, isTruncated: false, problem }; // looked at again: other bytes may come
      this.#consume(chunk.subarray(0, bytesRead), deliver);
    }
    this.#unchanged = state;
    return { bytes: end - start, isTruncated: false };
  }

  /** Hands on the unterminated tail, if there is one: no more will come. */
  finish(deliver: (batch: LineBatch) => void): void {
    let last: Pick<LineBytes, 'form'> = {};
    for (const { bytes, ...form } of this.#documents.end()) {
      const lines = this.#splitter.push(bytes);
      if (lines.length > 0) deliver(this.#batch(lines, form));
      last = form;
    }
    const rest = this.#splitter.end();
    if (rest !== null) deliver({ ...this.#batch([rest], last), unterminated: true });
  }

  /** Begins anew at the file's start, for it was truncated. */
  restart(): void {
    this.#older?.lose();
    this.#older = null;
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
      this.#takeOlder(original, handle);
      original.restart();
      return true;
    }
    // Lines that we read were written between the copy and the truncation: nothing in the copy is new.
    if (await original.#print.covers(handle, this.#size)) {
      if (original.#older && original.#older.bytes <= this.#size) this.#takeOlder(original, handle);
      this.#print = await Fingerprint.of(handle, this.#size);
    }
    return false;
  }

  /**
   * Goes on where `original` was read to, if this file begins with all that was read there: a longer copy was put in its place. A late
   * writer of the original is still heard there. False, and nothing done, when this is no such copy.
   */
  async goOnFrom(original: LogFile): Promise<boolean> {
    const handle = this.#opened();
    if (original.isFresh || !this.isFresh || !(await original.#print.isStartOf(handle))) return false;
    this.#print = original.#print.copy();
    [this.#splitter, this.#documents, this.#first] = [
      original.#splitter,
      original.#documents,
      original.#first,
    ];
    [original.#splitter, original.#documents] = [new LineSplitter(false), new DocumentLines(true)];
    this.#takeOlder(original, handle);
    return true;
  }

  #takeOlder(original: LogFile, handle: FileHandle): void {
    [this.#older, original.#older] = [original.#older, null];
    this.#older?.moveTo(handle);
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
    this.#older?.lose();
    if (this.#handle) await this.takeHandle().close();
  }

  /** Gives the handle away; the place is remembered. */
  takeHandle(): FileHandle {
    const handle = this.#opened();
    this.#handle = null;
    return handle;
  }

  #opened(): FileHandle {
    if (!this.#handle) throw new Error(`${this.name} is read while closed`);
    return this.#handle;
  }

  #consume(chunk: Buffer, deliver: (batch: LineBatch, bytes: number) => void): void {
    const batches = this.#documents
      .push(chunk)
      .map(({ bytes, ...form }) => this.#batch(this.#splitter.push(bytes), form));
    this.#print.extend(chunk);
    this.grewAt = performance.now();
    const last = batches.pop() ?? this.#batch([], {});
    for (const batch of batches) deliver(batch, 0);
    deliver(last, chunk.length);
  }

  #batch(lines: readonly Line[], form: Pick<LineBytes, 'form'>): LineBatch {
    const batch = { source: this.name, first: this.#first, lines, ...form };
    this.#first += lines.length;
    return this.#older ? { ...batch, behind: this.#older.lines } : batch;
  }
}
