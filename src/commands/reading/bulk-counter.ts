import type { EgressEvent } from '../../core/event.ts';
import type { EventSum } from '../../core/event-sum.ts';
import { EventSums } from '../../core/event-sums.ts';
import type { Problem } from '../../core/problem.ts';
import { LineSplitter, MAX_LINE_BYTES } from '../../sources/line-splitter.ts';
import { AFTER_LINE } from '../../sources/scan/json-bytes.ts';
import { LineScanner } from '../../sources/scan/line-scanner.ts';
import type { Line } from '../../sources/source.ts';
import type { System } from '../../systems/system.ts';
import { KnownParts } from './known-parts.ts';
import { LineDecoder } from './line-decoder.ts';
import { DECODED, RESTING, SortTotals, UNKNOWN } from './sort-totals.ts';

const LF = 0x0a;
/** Sums held before they are handed on, and known values of parts before they are forgotten: a log of ever new hosts does not pile up. */
const MAX_SUMS = 65_536;
const MAX_VALUES = 300_000;

export interface BulkOptions {
  readonly source: string;
  readonly systems: readonly System[];
  readonly measuresDurations: boolean;
  readonly sum: (sum: EventSum) => void;
  readonly malformed: (problem: Problem) => void;
}

/**
 * Counts the lines of one source by their bytes, decoding a line where it holds something new and where the scanner is not sure of
 * it. What it counts is what decoding each line would have counted: test/commands/bulk-counter.test.ts.
 */
export class BulkCounter {
  readonly #options: BulkOptions;
  readonly #scanner: LineScanner;
  readonly #decoder: LineDecoder;
  #splitter = new LineSplitter();
  readonly #sums: EventSums;
  readonly #known = new KnownParts();
  readonly #totals: SortTotals;
  #lines = 0;
  #decodedLines = 0;

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#scanner = new LineScanner(options.systems.flatMap(({ shapes }) => shapes));
    this.#decoder = new LineDecoder(options.systems);
    this.#sums = new EventSums(options.measuresDurations);
    this.#totals = new SortTotals(options.measuresDurations);
  }

  /** Lines that were read the plain way: what the rest is fast in proportion to. */
  get decodedLines(): number {
    return this.#decodedLines;
  }

  /** Lines counted since `begin`. */
  get lines(): number {
    return this.#lines;
  }

  /** What is pushed from now on begins with line 1; what was learnt of the log stays known. `atStart`: it is the file's start. */
  begin(atStart: boolean): void {
    this.#splitter = new LineSplitter(atStart);
    this.#lines = 0;
  }

  /**
   * Counts what `chunk` completes; it may be reused afterwards. Its first line and what follows its last go through the splitter,
   * which knows of beginnings and of halves; behind the lines between them the scanner needs some bytes more.
   */
  push(chunk: Buffer): void {
    const first = chunk.indexOf(LF) + 1;
    const end = chunk.lastIndexOf(LF, Math.max(0, chunk.length - 1 - AFTER_LINE)) + 1;
    if (end <= first) return this.#plain(chunk);
    this.#plain(chunk.subarray(0, first));
    this.#scan(chunk, first, end);
    this.#plain(chunk.subarray(end));
  }

  /** Counts an unterminated tail. */
  end(): void {
    const rest = this.#splitter.end();
    if (rest !== null) this.#decode([rest], true);
  }

  get #isFull(): boolean {
    return this.#sums.size >= MAX_SUMS || this.#totals.size >= MAX_SUMS;
  }

  /** Hands on what was counted so far. */
  flush(): void {
    this.#totals.pour();
    for (const sum of this.#sums.take()) this.#options.sum(sum);
    if (this.#totals.size < MAX_SUMS / 2) return; // known in the next range: to meet them all again takes 0.1 s
    this.#totals.forget();
    if (this.#known.size < MAX_VALUES) return this.#scanner.forgetSorts();
    this.#scanner.forgetAll();
    this.#known.forget();
  }

  #scan(bytes: Buffer, start: number, end: number): void {
    const scanner = this.#scanner;
    const totals = this.#totals;
    scanner.read(bytes);
    for (let at = start; at < end;) {
      const sort = scanner.scan(at);
      const isOdd = sort < 0 || scanner.end - at > MAX_LINE_BYTES;
      const next = isOdd ? bytes.indexOf(LF, at) + 1 : scanner.end;
      const way = isOdd ? DECODED : totals.wayOf(sort);
      if (way === DECODED) this.#plain(bytes.subarray(at, next));
      else if (way === UNKNOWN) this.#meet(sort, bytes.subarray(at, next));
      else {
        if ((way & RESTING) !== 0) totals.reopen(sort, this.#sums.open(totals.countedAs(sort)));
        this.#lines += 1;
        totals.add(sort, scanner);
      }
      at = next;
    }
  }

  /** Decodes whole lines, and those that the splitter holds. */
  #plain(bytes: Buffer): void {
    if (bytes.length > 0) this.#decode(this.#splitter.push(bytes), false);
    if (this.#isFull) this.flush();
  }

  /** The first line of a sort: put together from what is known, else decoded, and what is new of it learnt. */
  #meet(sort: number, line: Buffer): void {
    const scanner = this.#scanner;
    const { parts } = scanner;
    const known = this.#known.event(parts) ?? this.#known.learn(this.#peek(line), scanner);
    if (known) {
      this.#totals.open(sort, known, this.#sums.open(known.counted));
      this.#totals.add(sort, scanner);
      this.#lines += 1;
    } else {
      this.#totals.decode(sort);
      this.#plain(line);
    }
    if (this.#isFull) this.flush();
  }

  /** What a whole line decodes to, without counting it; null when it is no event. */
  #peek(line: Buffer): EgressEvent | null {
    let found: EgressEvent | null = null;
    this.#decodedLines += 1;
    this.#decoder.decode(
      { source: this.#options.source, first: 1, lines: [line.toString('utf8', 0, line.length - 1)] },
      { event: event => (found = event), malformed: () => undefined },
    );
    return found;
  }

  #decode(lines: readonly Line[], isUnterminated: boolean): void {
    const batch = { source: this.#options.source, first: this.#lines + 1, lines };
    this.#lines += lines.length;
    this.#decodedLines += lines.length;
    this.#decoder.decode(isUnterminated ? { ...batch, unterminated: true } : batch, {
      event: event => this.#sums.add(event),
      malformed: this.#options.malformed,
    });
  }
}
