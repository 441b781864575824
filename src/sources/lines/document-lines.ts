import { TextDecoder } from 'node:util';
import { documentStart, type DocumentStart } from './document-start.ts';

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
  readonly decoder: TextDecoder;
  readonly lines: DocumentLines;
}

/**
 * Turns bytes in UTF-16 into UTF-8, and a JSON document into one record a line, as its bytes come. It holds none of them.
 * A document is an array, an array under `items`, `data`, `events` or `egress`, or objects over several lines.
 * Bytes that are lines already pass unchanged.
 * A record keeps the number of the line that it begins on. If another record has that number, it gets the next.
 */
export class DocumentLines {
  #held: Buffer[] = [];
  #start: DocumentStart | null = null;
  #place: 'between' | 'record' | 'behind' = 'between';
  /** Brackets that are open within the record, or behind the list. */
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Of bytes in UTF-16: turns them into UTF-8, which another reads. */
  #utf16: Utf16Lines | null = null;
  /** Line ends read, and written. */
  #read = 0;
  #written = 0;

  /** `areLines`: what comes is known to be lines, for it stands behind some. */
  constructor(areLines = false) {
    if (areLines) this.#start = { type: 'lines' };
  }

  /** What `chunk` says, as lines. The bytes may be those of the chunk. */
  push(chunk: Buffer): Buffer {
    if (this.#start?.type === 'lines') return chunk;
    if (this.#utf16) return this.#fromUtf16(this.#utf16, chunk);
    if (this.#start) return this.#convert(chunk);
    this.#held.push(Buffer.from(chunk));
    return this.#decide(false);
  }

  /** The bytes that were held back, once no more will come, and the line end that a last record lacks. */
  end(): Buffer {
    if (!this.#start) return Buffer.concat([this.#decide(true), this.#utf16?.lines.end() ?? Buffer.alloc(0)]);
    if (this.#utf16) return this.#utf16.lines.end();
    return Buffer.alloc(this.isOpen && this.#place === 'record' ? 1 : 0, LF);
  }

  /** Whether a document has begun that is not over. */
  get isOpen(): boolean {
    if (this.#utf16) return this.#utf16.lines.isOpen;
    return (
      this.#start !== null &&
      this.#start.type !== 'lines' &&
      (this.#start.type === 'list' || this.#place === 'record')
    );
  }

  /** The line that was reached, 1-based. */
  get line(): number {
    return this.#utf16?.lines.line ?? this.#read + 1;
  }

  #decide(isAll: boolean): Buffer {
    const bytes = this.#held.length === 1 ? (this.#held[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#held);
    this.#start = documentStart(bytes, isAll);
    if (!this.#start) {
      this.#held = [bytes];
      return Buffer.alloc(0);
    }
    this.#held = [];
    if (this.#start.type === 'lines') return bytes;
    if (this.#start.type === 'utf-16') {
      this.#utf16 = { decoder: new TextDecoder(this.#start.encoding), lines: new DocumentLines() };
      return this.#fromUtf16(this.#utf16, bytes);
    }
    for (const byte of bytes.subarray(0, this.#start.offset)) if (byte === LF) this.#read += 1;
    return this.#convert(bytes.subarray(this.#start.offset));
  }

  #fromUtf16({ decoder, lines }: Utf16Lines, chunk: Buffer): Buffer {
    return lines.push(Buffer.from(decoder.decode(chunk, { stream: true })));
  }

  /** One pass: a record's bytes go out with its line ends as blanks, all others only move the place. */
  #convert(chunk: Buffer): Buffer {
    const own = Buffer.from(chunk);
    const out: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < own.length; at += 1) {
      const byte = own[at] ?? 0;
      if (byte === LF) this.#read += 1;
      if (this.#place === 'between') {
        if (this.#opensRecord(byte)) {
          out.push(this.#padding());
          [this.#place, from] = ['record', at];
        } else if (this.#start?.type === 'lines')
          return Buffer.concat([...out, this.#padding(), own.subarray(at)]);
      } else if (this.#place === 'behind') this.#closeAround(byte);
      if (this.#place !== 'record') continue;
      const end = this.#recordEnd(byte, at);
      if (byte === LF || byte === CR) own[at] = SPACE;
      if (end === null) continue;
      out.push(own.subarray(from, end), Buffer.of(LF));
      this.#written += 1;
      this.#place = 'between';
      if (end === at) this.#opensRecord(byte); // the comma or bracket behind a number or word
    }
    if (this.#place === 'record') out.push(own.subarray(from));
    return Buffer.concat(out);
  }

  /** Line ends that bring the next line to the place where it was read. */
  #padding(): Buffer {
    const missing = Math.max(0, this.#read - this.#written);
    this.#written += missing;
    return Buffer.alloc(missing, LF);
  }

  /** Whether a record begins here. What ends the list changes the place; what belongs to no list is lines from here on. */
  #opensRecord(byte: number): boolean {
    if (byte === LF || byte === CR || byte === SPACE || byte === TAB || byte === COMMA) return false;
    if (this.#start?.type === 'values') {
      if (byte !== OPEN_OBJECT) this.#start = { type: 'lines' };
      return byte === OPEN_OBJECT;
    }
    if (byte !== CLOSE_LIST) return true;
    this.#depth = this.#start?.type === 'list' ? this.#start.depth : 0;
    this.#place = 'behind';
    this.#closeAround(0);
    return false;
  }

  /** The rest of the objects around the list. Once they are closed, a new value may begin. */
  #closeAround(byte: number): void {
    this.#bracket(byte);
    if (this.#depth > 0) return;
    this.#place = 'between';
    this.#start = { type: 'values', offset: 0 };
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
