import { isAscii } from 'node:buffer';
import type { Line, TooLong } from '../source.ts';
import { envelopeFormOf } from './envelope-forms.ts';

/** The longest line that is held, bytes without its line end: 1 MiB, where microagent's own reader gives up too. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** So much of a longer line tells what it may be. */
const BEGINNING_BYTES = 64 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
const NOTHING = Buffer.alloc(0);
const BOM = [0xef, 0xbb, 0xbf] as const;
/** The longest line with a byte order mark and a carriage return around it. */
const MOST_HELD_BYTES = MAX_LINE_BYTES + BOM.length + 1;

/**
 * Turns the bytes of one file or stream into its lines, wherever the bytes are split. Each line is decoded as UTF-8, without line end
 * and BOM, and without NUL bytes before it; a blank line is ''. Holds at most one unfinished line of MAX_LINE_BYTES; fed buffers may be reused afterwards.
 */
export class LineSplitter {
  #pieces: Buffer[] = [];
  /** Bytes of the unfinished line, held or (when over the limit) only counted. */
  #pending = 0;
  /** The first bytes of one that is over the limit. */
  #beginning: Buffer = NOTHING;
  #lastByte = 0;
  #atStart: boolean;

  /** `atStart`: its bytes are the first of the file, and may begin with a BOM. */
  constructor(atStart = true) {
    this.#atStart = atStart;
  }

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    let end = chunk.indexOf(LF);
    if (end >= 0 && (this.#pending > 0 || this.#atStart)) {
      this.#hold(chunk.subarray(0, end));
      lines.push(this.#finish());
      start = end + 1;
      end = chunk.indexOf(LF, start);
    }
    if (end >= 0) start = sliceLines(chunk, start, end, lines);
    this.#hold(chunk.subarray(start));
    return lines;
  }

  /** Whether a line has begun that no line end has finished. */
  get isMidLine(): boolean {
    return this.#pending > 0;
  }

  /** The unterminated tail, once there will be no more bytes; null when the last line was whole. */
  end(): Line | null {
    return this.isMidLine ? this.#finish() : null;
  }

  #hold(bytes: Buffer): void {
    const piece = this.#pending === 0 ? bytes.subarray(lineStart(bytes, 0, bytes.length)) : bytes;
    if (piece.length === 0) return;
    this.#pending += piece.length;
    this.#lastByte = piece[piece.length - 1] ?? 0;
    if (this.#pending <= MOST_HELD_BYTES) this.#pieces.push(Buffer.from(piece));
    else if (this.#pieces.length > 0 || this.#pending === piece.length) {
      this.#beginning = beginningOf([...this.#pieces, piece]);
      this.#pieces = [];
    }
  }

  #finish(): Line {
    const end = this.#pending - (this.#lastByte === CR && this.#pending > 0 ? 1 : 0);
    const whole = this.#pending > MOST_HELD_BYTES ? null : joined(this.#pieces);
    const first = whole ?? this.#beginning;
    const skip = this.#atStart && BOM.every((byte, i) => first[i] === byte) ? BOM.length : 0;
    const bytes = end - skip;
    const held = bytes > MAX_LINE_BYTES ? null : whole;
    const beginning = this.#pieces.length > 0 ? beginningOf(this.#pieces) : this.#beginning;
    this.#pieces = [];
    this.#beginning = NOTHING;
    this.#pending = 0;
    this.#lastByte = 0;
    this.#atStart = false;
    return held ? held.toString('utf8', skip, end) : tooLong(bytes, beginning);
  }
}

/** A line over the limit, named by its first bytes where it is an envelope of records. */
function tooLong(bytes: number, beginning: Buffer): TooLong {
  const form = envelopeFormOf(beginning);
  return form ? { bytes, envelope: { name: form.name, program: form.program } } : { bytes };
}

/** Where a line begins behind the NUL bytes that a writer without O_APPEND leaves when its file is truncated. */
function lineStart(bytes: Buffer, from: number, end: number): number {
  let start = from;
  while (start < end && bytes[start] === NUL) start += 1;
  return start;
}

const beginningOf = (pieces: readonly Buffer[]): Buffer =>
  Buffer.from(joined(pieces).subarray(0, BEGINNING_BYTES));

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

/**
 * Appends the whole lines of `chunk` from `start` on, the first ending at `end`, and returns where the rest begins. Each line is
 * decoded alone. Cutting one big decoded text is no faster, and each kept line would keep the whole text in memory.
 */
function sliceLines(chunk: Buffer, start: number, end: number, lines: Line[]): number {
  const ascii = isAscii(chunk);
  while (end >= 0) {
    if (chunk[start] === NUL) start = lineStart(chunk, start, end);
    const stop = chunk[end - 1] === CR && end > start ? end - 1 : end;
    if (stop - start > MAX_LINE_BYTES)
      lines.push(tooLong(stop - start, chunk.subarray(start, start + BEGINNING_BYTES)));
    else lines.push(ascii ? chunk.toString('latin1', start, stop) : chunk.toString('utf8', start, stop));
    start = end + 1;
    end = chunk.indexOf(LF, start);
  }
  return start;
}
