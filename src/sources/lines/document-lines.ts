import { TextDecoder } from 'node:util';
import type { LineBytes } from '../source.ts';
import { documentStart, type DocumentStart, type Utf16 } from './document-start.ts';
import { EnvelopeLines } from './envelope-lines.ts';
import { LineNumbers } from './line-numbers.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** How bytes in UTF-16 become lines: turned into UTF-8, then read as any other bytes. */
interface Utf16Lines {
  readonly encoding: Utf16;
  readonly decoder: TextDecoder;
  readonly lines: DocumentLines;
}

/** So much of what stands behind a document is looked at to find the next one: less than of a file, for documents may be tiny. */
const NEXT_LOOKAHEAD_BYTES = 4 * 1024;

/**
 * Turns bytes in UTF-16 into UTF-8, and JSON documents into one record a line, as their bytes come. It holds none of them.
 * A document is an array, an array under `items`, `data`, `events` or `egress`, or objects over several lines. It may also be a collector's
 * answer that is too long for a line: each of its records becomes an answer by itself.
 * Bytes that are lines already pass unchanged.
 * A record keeps the number of the line that it begins on. If another record has that number, it gets the next.
 */
export class DocumentLines {
  #held: Buffer[] = [];
  #start: DocumentStart | null = null;
  /** Whether what comes stands behind a document. */
  #isNext = false;
  #place: 'between' | 'record' | 'behind' = 'between';
  /** Brackets that are open within the record, or behind the list. */
  #depth = 0;
  #inString = false;
  #envelope: EnvelopeLines | null = null;
  #isEscaped = false;
  /** Of bytes in UTF-16: turns them into UTF-8, which another reads. */
  #utf16: Utf16Lines | null = null;
  readonly #numbers = new LineNumbers();

  /** `areLines`: what comes is known to be lines, for it stands behind some. */
  constructor(areLines = false) {
    if (areLines) this.#start = { type: 'lines' };
  }

  /** The lines of `chunk`: whole ones at the end of each part but the last. The bytes may be those of the chunk. */
  push(chunk: Buffer): readonly LineBytes[] {
    if (this.#start?.type === 'lines') return [{ bytes: chunk }];
    if (this.#utf16) return fromUtf16(this.#utf16, chunk);
    return this.#parts(Buffer.from(chunk), false);
  }

  /** The bytes that were held back, once no more will come, and the line end that a last record lacks. */
  end(): readonly LineBytes[] {
    const parts = this.#start || this.#utf16 ? [] : [...this.#parts(Buffer.alloc(0), true)];
    if (this.#utf16) parts.push(...named(this.#utf16, this.#utf16.lines.end()));
    else if (this.isOpen && this.#place === 'record') parts.push(this.#part(Buffer.of(LF)));
    return parts;
  }

  /** Whether a document has begun that is not over. */
  get isOpen(): boolean {
    if (this.#utf16) return this.#utf16.lines.isOpen;
    return (
      this.#start !== null &&
      this.#start.type !== 'lines' &&
      (this.#start.type !== 'values' || this.#place === 'record')
    );
  }

  /** The line that was reached, 1-based. */
  get line(): number {
    return this.#utf16?.lines.line ?? this.#numbers.read + 1;
  }

  /** Reads bytes of its own, document by document. */
  #parts(bytes: Buffer, isAll: boolean): readonly LineBytes[] {
    const parts: LineBytes[] = [];
    let rest = isAll ? this.#decide(bytes, isAll, parts) : bytes;
    while (rest && rest.length > 0)
      rest = this.#start ? this.#convert(rest, parts) : this.#decide(rest, isAll, parts);
    return parts;
  }

  /** Looks what a document, or the file, begins with. Returns the bytes behind that; null where there is nothing more to do. */
  #decide(chunk: Buffer, isAll: boolean, parts: LineBytes[]): Buffer | null {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([...this.#held, chunk]);
    const start = documentStart(bytes, isAll, this.#isNext ? NEXT_LOOKAHEAD_BYTES : undefined);
    this.#held = start ? [] : [bytes];
    if (!start) return null;
    if (start.type === 'utf-16') {
      const { encoding } = start;
      this.#utf16 = { encoding, decoder: new TextDecoder(encoding), lines: new DocumentLines() };
      parts.push(...fromUtf16(this.#utf16, bytes));
      return null;
    }
    this.#start = start;
    if (start.type === 'envelope')
      this.#envelope = new EnvelopeLines(start.form, start.isOneLine, this.#numbers);
    if (start.type === 'lines') {
      parts.push({ bytes: Buffer.concat([this.#numbers.padding(), bytes]) });
      return null;
    }
    this.#numbers.count(bytes.subarray(0, start.offset));
    return bytes.subarray(start.offset);
  }

  /**
   * One pass: a record's bytes go out with its line ends as blanks, all others only move the place. Returns what stands behind the
   * document where it is over.
   */
  #convert(own: Buffer, parts: LineBytes[]): Buffer | null {
    if (this.#envelope) return this.#convertEnvelope(own, this.#envelope, parts);
    const out: Buffer[] = [];
    let from = 0;
    let rest: Buffer | null = null;
    for (let at = 0; at < own.length && !rest; at += 1) {
      const byte = own[at] ?? 0;
      if (byte === LF) this.#numbers.read += 1;
      if (this.#place === 'between') {
        if (this.#opensRecord(byte)) {
          out.push(this.#numbers.padding());
          [this.#place, from] = ['record', at];
        } else if (this.#start?.type === 'lines') {
          out.push(this.#numbers.padding(), own.subarray(at));
          break;
        }
      } else if (this.#place === 'behind') this.#bracket(byte);
      if (this.#place === 'record') {
        const end = this.#recordEnd(byte, at);
        if (byte === LF || byte === CR) own[at] = SPACE;
        if (end !== null) {
          out.push(own.subarray(from, end), Buffer.of(LF));
          this.#numbers.written += 1;
          this.#place = 'between';
          if (end === at) this.#opensRecord(byte); // the comma or bracket behind a number or word
        }
      }
      if (this.#place === 'behind' && this.#depth === 0) rest = own.subarray(at + 1);
    }
    if (this.#place === 'record') out.push(own.subarray(from));
    if (out.length > 0) parts.push(this.#part(Buffer.concat(out)));
    if (rest) [this.#place, this.#start, this.#isNext] = ['between', null, true];
    return rest;
  }

  #part(bytes: Buffer): LineBytes {
    const workspace = this.#start?.type === 'list' ? this.#start.workspace : null;
    return workspace === null ? { bytes } : { bytes, form: { workspace, encoding: null } };
  }

  #convertEnvelope(own: Buffer, envelope: EnvelopeLines, parts: LineBytes[]): Buffer | null {
    const { lines, rest } = envelope.push(own);
    if (lines.length > 0) parts.push({ bytes: lines });
    this.#place = envelope.isInRecord ? 'record' : 'between';
    if (rest) [this.#envelope, this.#start, this.#isNext] = [null, null, true];
    return rest;
  }

  /** Whether a record begins here. The end of the list changes the place. Text that belongs to no list is read as lines from here on. */
  #opensRecord(byte: number): boolean {
    if (byte === LF || byte === CR || byte === SPACE || byte === TAB || byte === COMMA) return false;
    if (this.#start?.type === 'values') {
      if (byte !== OPEN_OBJECT) this.#start = { type: 'lines' };
      return byte === OPEN_OBJECT;
    }
    if (byte !== CLOSE_LIST) return true;
    this.#depth = this.#start?.type === 'list' ? this.#start.depth : 0;
    this.#place = 'behind';
    return false;
  }

  /** Where the record ends, if it does with this byte: behind a bracket, before what follows a number or a word. */
  #recordEnd(byte: number, at: number): number | null {
    const wasBare = this.#depth === 0 && !this.#inString;
    if (
      wasBare &&
      (byte === COMMA || byte === CLOSE_LIST || byte === LF || byte === CR || byte === SPACE || byte === TAB)
    )
      return at;
    this.#bracket(byte);
    return this.#depth === 0 && (byte === CLOSE_OBJECT || byte === CLOSE_LIST) && !this.#inString
      ? at + 1
      : null;
  }

  #bracket(byte: number): void {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inString = false;
    } else if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth = Math.max(0, this.#depth - 1);
  }
}

const fromUtf16 = (utf16: Utf16Lines, chunk: Buffer): readonly LineBytes[] =>
  named(utf16, utf16.lines.push(Buffer.from(utf16.decoder.decode(chunk, { stream: true }))));

/** The parts with the name of the encoding that they were turned from. */
const named = ({ encoding }: Utf16Lines, parts: readonly LineBytes[]): readonly LineBytes[] =>
  parts.map(({ bytes, form }) => ({
    bytes,
    form: { workspace: form?.workspace ?? null, encoding: encoding.toUpperCase() },
  }));
