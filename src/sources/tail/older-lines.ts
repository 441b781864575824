import type { FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { grouped } from '../../core/grouped.ts';
import { Fingerprint } from './fingerprint.ts';
import { LINE_START_BYTES, type ReadAt, type StartBefore } from '../lines/line-start.ts';
import type { Portions } from './portions.ts';
import type { LineBytes, OlderBlock, OlderPart } from '../source.ts';
import { SourceError, trouble, troubleOf } from '../trouble.ts';

/** After a truncation the tail says where the older lines are now. Without an answer in this time they are lost. */
const RULING_MS = 5_000;
const LOOK_MS = 20;
/** So many chunks are read at once: whether the file is still the same is looked up as seldom. */
const READ_CHUNKS = 2;

/** The tail that follows the file of an older part. */
export interface OlderWatch {
  readonly progress: (bytes: number) => void;
  /** The bytes have changed: the tail should look at the file. */
  readonly changed: () => void;
  /** Nothing more will be read; so many bytes never were. */
  readonly over: (lostBytes: number) => void;
}

export interface OlderLinesOptions {
  readonly source: string;
  readonly handle: FileHandle;
  readonly modifiedMs: number;
  /** The part ends here, where a line begins. */
  readonly end: number;
  /** Where a part of the file may begin. */
  readonly startBefore: StartBefore;
  readonly portions: Pick<Portions, 'block' | 'chunk'>;
  readonly watch: OlderWatch;
}

/** The first bytes of a file that is followed from behind them: read later, and only as long as they are what they were. */
export class OlderLines implements OlderPart {
  readonly source: string;
  readonly modifiedMs: number;
  readonly lines: { count: number | null } = { count: null };
  readonly bytes: number;
  readonly #portions: OlderLinesOptions['portions'];
  readonly #startBefore: StartBefore;
  readonly #watch: OlderWatch;
  readonly #print: Fingerprint;
  /** Null once they are lost. */
  #handle: FileHandle | null;
  /** They take turns. */
  #buffers: readonly [Buffer, Buffer] | null = null;
  #unread: number;
  #isOver = false;

  private constructor(options: OlderLinesOptions, print: Fingerprint) {
    const { source, handle, modifiedMs, end, portions, watch } = options;
    [this.source, this.modifiedMs, this.bytes, this.#unread] = [source, modifiedMs, end, end];
    [this.#handle, this.#portions, this.#watch, this.#print] = [handle, portions, watch, print];
    this.#startBefore = options.startBefore;
  }

  static async of(options: OlderLinesOptions): Promise<OlderLines> {
    return new OlderLines(options, await Fingerprint.of(options.handle, options.end));
  }

  get unreadBytes(): number {
    return this.#unread;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** They stand in this file now, a copy made before the truncation. */
  moveTo(handle: FileHandle): void {
    this.#handle = handle;
  }

  /** They are nowhere any more. */
  lose(): void {
    this.#handle = null;
  }

  async *blocks(signal: AbortSignal): AsyncGenerator<OlderBlock> {
    const read: ReadAt = async (at, length) => (await this.#read(at, length, signal)) ?? this.#fail();
    try {
      for (let end = this.bytes; end > 0 && !signal.aborted;) {
        const start = await this.#startBefore(Math.max(0, end - this.#portions.block), read);
        yield { isStart: start === 0, chunks: this.#chunks(start, end, signal) };
        end = start;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#isOver = true;
      this.#buffers = null;
      this.#watch.over(this.#unread);
    }
  }

  /** While some chunks are worked on, the next ones are read. */
  async *#chunks(start: number, end: number, signal: AbortSignal): AsyncGenerator<LineBytes> {
    const { chunk } = this.#portions;
    const readAt = (at: number): Promise<Buffer | null> | null => {
      const reading = at < end ? this.#read(at, Math.min(READ_CHUNKS * chunk, end - at), signal) : null;
      reading?.catch(() => undefined); // its failure is thrown where it is awaited
      return reading;
    };
    let at = start;
    for (let reading = readAt(at); reading;) {
      const bytes = (await reading) ?? this.#fail();
      at += bytes.length;
      reading = readAt(at);
      for (let from = 0; from < bytes.length; from += chunk) {
        const piece = bytes.subarray(from, from + chunk);
        yield { bytes: piece };
        this.#unread -= piece.length;
        this.#watch.progress(piece.length);
      }
    }
  }

  /** Looked at after reading, as a log that is followed is: what was there before still is, so the bytes are its own. Null where they are lost. */
  async #read(at: number, length: number, signal: AbortSignal): Promise<Buffer | null> {
    const buffer = this.#buffer(length);
    for (let handle = this.#handle; handle && !signal.aborted; handle = this.#handle) {
      try {
        const { bytesRead } = await handle.read(buffer, 0, length, at);
        if (bytesRead === length && (await this.#print.isStartOf(handle))) return buffer;
      } catch (error) {
        if (handle === this.#handle) throw new SourceError(troubleOf(error, this.source));
      }
      if (handle === this.#handle) await this.#awaitTail(handle, signal);
    }
    return null;
  }

  #buffer(length: number): Buffer {
    const size = Math.max(READ_CHUNKS * this.#portions.chunk, LINE_START_BYTES);
    const [one, other] = (this.#buffers ??= [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)]);
    this.#buffers = [other, one];
    return one.subarray(0, length);
  }

  async #awaitTail(handle: FileHandle, signal: AbortSignal): Promise<void> {
    this.#watch.changed();
    const deadline = performance.now() + RULING_MS;
    while (this.#handle === handle && performance.now() < deadline && !signal.aborted) await pause(LOOK_MS);
    if (this.#handle === handle) this.lose();
  }

  #fail(): never {
    const [lost, all] = [this.#unread, this.bytes].map(grouped);
    const why = `truncated or overwritten before all of it was counted: ${lost} of its first ${all} bytes are missing from the totals`;
    throw new SourceError(trouble(this.source, why, 'count a copy of it, if there is one'));
  }
}
