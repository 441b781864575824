import type { EgressEvent, Verdict } from '../../core/event.ts';
import type { EventSum } from '../../core/traffic/event-sum.ts';
import type { UnrecognisedRecord } from '../../core/traffic/unrecognised.ts';
import { EventSums } from '../../core/traffic/event-sums.ts';
import type { Problem } from '../../core/problem.ts';
import { LineSplitter } from '../../sources/lines/line-splitter.ts';
import { LineScanner } from './scan/line-scanner.ts';
import type { Line, LineBytes, LineForm } from '../../sources/source.ts';
import type { Selection } from '../selection.ts';
import type { System } from '../../systems/system.ts';
import { KnownParts } from './known-parts.ts';
import { LineDecoder, type Decoded } from '../line-decoder.ts';
import { DECODED, RESTING, KindTotals } from './kind-totals.ts';

const LF = 0x0a;
/** Sums held before they are handed on: a log of ever new hosts does not pile up. */
const MAX_SUMS = 65_536;
/** Known values of parts before they are forgotten, as a multiple of that. */
const VALUES_A_SUM = 5;

export interface BulkOptions {
  readonly source: string;
  readonly systems: readonly System[];
  readonly measuresDurations: boolean;
  readonly sum: (sum: EventSum) => void;
  /** Where memory is worth more than time: fewer sums that are held. */
  readonly maxSums?: number;
  readonly malformed: (problem: Problem) => void;
  /** A record that no system owns: it is decoded whenever it comes. */
  readonly unrecognised: (record: UnrecognisedRecord) => void;
  /** Something to be said of the source, though its lines were read. */
  readonly notice?: (problem: Problem) => void;
  /** Hears of each decision that has a time, at once. */
  readonly decided?: (at: number, verdict: Verdict) => void;
  /** Only such events are counted. */
  readonly selection?: Selection | null;
  /** Hears of each record that the selection leaves out: the verdict and the time that it has. */
  readonly passedBy?: (verdict: Verdict | null, at: number | null) => void;
}

/**
 * Counts the lines of one source by their bytes. It decodes a line that holds something new, or that the scanner is not sure of.
 * Its counts are those of decoding each line: test/reading/by-bytes/bulk-counter.test.ts.
 */
export class BulkCounter {
  readonly #options: BulkOptions;
  readonly #scanner: LineScanner;
  readonly #decoder: LineDecoder;
  #splitter = new LineSplitter();
  readonly #sums: EventSums;
  readonly #known = new KnownParts();
  readonly #totals: KindTotals;
  readonly #maxSums: number;
  /** What becomes of lines that are decoded. */
  readonly #decoded: Decoded;
  #form: LineForm | undefined;
  #lines = 0;
  #decodedLines = 0;

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#maxSums = options.maxSums ?? MAX_SUMS;
    this.#scanner = new LineScanner(options.systems.flatMap(({ shapes }) => shapes));
    this.#decoder = new LineDecoder(options.systems);
    this.#sums = new EventSums(options.measuresDurations);
    this.#totals = new KindTotals(options.measuresDurations);
    this.#decoded = {
      event: event => this.#addEvent(event),
      malformed: options.malformed,
      unrecognised: (event, record) => this.#addUnrecognised(event, record),
      ...(options.notice ? { notice: options.notice } : {}),
    };
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

  /** Counts what `chunk` completes; it may be reused afterwards. */
  push({ bytes, form }: LineBytes): void {
    this.#take(form);
    this.#pushBytes(bytes);
  }

  /** Lines of another form come from another workspace: what was learnt of the last ones does not hold for them. */
  #take(form: LineForm | undefined): void {
    if (form === this.#form) return;
    const isOther = form?.workspace !== this.#form?.workspace;
    this.#form = form;
    if (!isOther) return;
    this.flush();
    this.#totals.forget();
    this.#scanner.forgetAll();
    this.#known.forget();
  }

  #pushBytes(chunk: Buffer): void {
    if (this.#options.selection?.window === null) return this.#plain(chunk);
    const { capacity } = this.#scanner;
    for (let start = 0; start < chunk.length; start += capacity)
      this.#push(chunk.subarray(start, start + capacity));
  }

  /** What completes a line, and what begins the last one, go through the splitter, which knows of beginnings and of halves. */
  #push(piece: Buffer): void {
    const first = piece.indexOf(LF) + 1;
    const end = piece.lastIndexOf(LF) + 1;
    this.#plain(piece.subarray(0, first));
    if (end > first) this.#scan(piece, first, end);
    this.#plain(piece.subarray(end));
    if (this.#isFull) this.flush();
  }

  /** Counts an unterminated tail. */
  end(): void {
    const rest = this.#splitter.end();
    if (rest !== null) this.#decode([rest], true);
    this.#decoder.end(this.#options.source, this.#decoded);
  }

  get #isFull(): boolean {
    return this.#sums.size >= this.#maxSums || this.#totals.size >= this.#maxSums;
  }

  /** Hands on what was counted so far. */
  flush(): void {
    this.#totals.pour();
    for (const sum of this.#sums.take()) if (sum.count > 0) this.#options.sum(sum);
    if (this.#totals.size < this.#maxSums / 2) return; // known in the next range: to meet them all again takes 0.1 s
    this.#totals.forget();
    if (this.#known.size < this.#maxSums * VALUES_A_SUM) return this.#scanner.forgetKinds();
    this.#scanner.forgetAll();
    this.#known.forget();
  }

  #scan(bytes: Buffer, start: number, end: number): void {
    const scanner = this.#scanner;
    scanner.read(bytes);
    for (let at = start; at < end; at = scanner.next) {
      const count = scanner.scan(at, end);
      if (count === 0) scanner.next = this.#plainLine(bytes, at);
      else this.#count(bytes, count);
      if (this.#isFull) this.flush();
    }
  }

  /** Counts the lines scanned last. */
  #count(bytes: Buffer, count: number): void {
    const scanner = this.#scanner;
    const totals = this.#totals;
    const { lines } = scanner;
    const known = scanner.isNew ? count - 1 : count;
    for (let index = 0; index < known; index += 1) {
      const kind = lines.kinds[index] as number;
      const way = totals.wayOf(kind);
      if (way === DECODED) {
        this.#plainLine(bytes, lines.beginnings[index] as number);
        continue;
      }
      if ((way & RESTING) !== 0) totals.reopen(kind, this.#sums.open(totals.countedAs(kind)));
      this.#add(kind, index);
    }
    if (scanner.isNew) this.#meet(known, bytes);
  }

  /** Counts a line that was scanned, of a kind that was opened. */
  #add(kind: number, index: number): void {
    const { lines } = this.#scanner;
    const { decided, selection } = this.#options;
    const window = selection?.window;
    const at = lines.at[index] as number;
    this.#lines += 1;
    if (window && !(at >= window.since && at < window.until))
      return this.#options.passedBy?.(this.#totals.countedAs(kind).verdict, Number.isNaN(at) ? null : at);
    this.#totals.add(kind, lines, index);
    if (!decided || Number.isNaN(at)) return;
    const { verdict } = this.#totals.countedAs(kind);
    if (verdict !== null) decided(at, verdict);
  }

  /** Decodes the line that begins at `start`; returns where the next one does. */
  #plainLine(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(LF, start) + 1;
    this.#plain(bytes.subarray(start, end));
    return end;
  }

  /** Decodes whole lines, and those that the splitter holds. */
  #plain(bytes: Buffer): void {
    if (bytes.length > 0) this.#decode(this.#splitter.push(bytes), false);
  }

  /** The first line of a kind: put together from what is known, else decoded, and what is new of it learnt. */
  #meet(index: number, bytes: Buffer): void {
    const scanner = this.#scanner;
    const kind = scanner.lines.kinds[index] as number;
    const start = scanner.lines.beginnings[index] as number;
    const { parts } = scanner;
    const known =
      this.#known.event(parts) ??
      this.#known.learn(this.#peek(bytes.subarray(start, scanner.next)), parts, scanner.record(index));
    if (known) {
      this.#totals.open(kind, known, this.#sums.open(known.counted));
      this.#add(kind, index);
    } else {
      this.#totals.decode(kind);
      this.#plainLine(bytes, start);
    }
  }

  /** What a whole line decodes to, without counting it; null when it is no event. */
  #peek(line: Buffer): EgressEvent | null {
    let found: EgressEvent | null = null;
    this.#decodedLines += 1;
    this.#decoder.decode(
      {
        source: this.#options.source,
        first: 1,
        lines: [line.toString('utf8', 0, line.length - 1)],
        ...this.#formed(),
      },
      { event: event => (found = event), malformed: () => undefined, unrecognised: () => undefined },
    );
    return found;
  }

  #formed(): Pick<LineBytes, 'form'> {
    return this.#form ? { form: this.#form } : {};
  }

  #decode(lines: readonly Line[], isUnterminated: boolean): void {
    const batch = { source: this.#options.source, first: this.#lines + 1, lines, ...this.#formed() };
    this.#lines += lines.length;
    this.#decodedLines += lines.length;
    this.#decoder.decode(isUnterminated ? { ...batch, unterminated: true } : batch, this.#decoded);
  }

  #addUnrecognised(event: EgressEvent, record: UnrecognisedRecord): void {
    const { selection, unrecognised, passedBy } = this.#options;
    if (!selection || selection.isSelected(event)) unrecognised(record);
    else passedBy?.(null, event.at);
  }

  #addEvent(event: EgressEvent): void {
    const { selection, decided, passedBy } = this.#options;
    if (selection && !selection.isSelected(event)) return passedBy?.(event.verdict, event.at);
    this.#sums.add(event);
    if (event.verdict !== null && event.at !== null) decided?.(event.at, event.verdict);
  }
}
