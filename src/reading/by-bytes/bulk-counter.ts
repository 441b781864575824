import { VERDICTS, type EgressEvent, type Verdict } from '../../core/event.ts';
import type { UnrecognisedRecord } from '../../core/traffic/unrecognised.ts';
import type { SumTable } from '../../core/traffic/sums/sum-table.ts';
import type { Problem } from '../../core/problem.ts';
import { LineSplitter } from '../../sources/lines/line-splitter.ts';
import { LineScanner, type PassedRecords } from './scan/line-scanner.ts';
import type { Line, LineBytes, LineForm } from '../../sources/source.ts';
import type { Selection } from '../selection.ts';
import type { System } from '../../systems/system.ts';
import { DecodedParts } from './decoded-parts.ts';
import { KnownParts } from './known-parts.ts';
import { takeTable } from './take-table.ts';
import { LineDecoder, type Decoded } from '../line-decoder.ts';

const LF = 0x0a;
const SECOND = 1_000;
/** Values of decoded lines that are held before all are handed on: a log of ever new hosts does not pile up. */
const MAX_DECODED = 65_536;
/** From so many hosts on fewer sums are held: each host then takes much memory of its own. */
const MANY_HOSTS = 20_000;
const SUMS_OF_MANY_HOSTS = 131_072;

/** So many sums are held, before and after there are many hosts. */
export interface MaxSums {
  readonly fewHosts: number;
  readonly manyHosts: number;
}

export interface BulkOptions {
  readonly source: string;
  readonly systems: readonly System[];
  readonly measuresDurations: boolean;
  /** Hears of what was counted whenever there is much of it, and at a flush. */
  readonly counted: (table: SumTable) => void;
  /** Where memory is worth more than time: fewer sums that are held, and fewer still of many hosts. */
  readonly maxSums?: MaxSums;
  readonly malformed: (problem: Problem) => void;
  /** A record that no system owns: it is decoded whenever it comes. */
  readonly unrecognised: (record: UnrecognisedRecord) => void;
  /** Something to be said of the source, though its lines were read. */
  readonly notice?: (problem: Problem) => void;
  /** Hears of decisions that are dated up to `until` (unix ms), by when they were, to the second. */
  readonly charts?: {
    readonly until: number;
    readonly add: (at: number, verdict: Verdict, count: number) => void;
  };
  /** Only such events are counted. */
  readonly selection?: Selection | null;
  /** Hears of the records that the selection leaves out. */
  readonly passedBy?: (passed: PassedRecords) => void;
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
  readonly #decodedParts = new DecodedParts();
  readonly #known: KnownParts;
  /** The receiver of lines that are decoded. */
  readonly #decoded: Decoded;
  #form: LineForm | undefined;
  #lines = 0;
  #decodedLines = 0;
  #spares = false;

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#scanner = new LineScanner(options.systems.flatMap(({ shapes }) => shapes));
    this.#known = new KnownParts(options.measuresDurations);
    this.#tellScanner(options);
    this.#decoder = new LineDecoder(options.systems);
    this.#decoded = {
      event: event => this.#addEvent(event),
      malformed: options.malformed,
      unrecognised: (event, record) => this.#addUnrecognised(event, record),
      ...(options.notice ? { notice: options.notice } : {}),
    };
  }

  #tellScanner({ measuresDurations, maxSums, charts, selection }: BulkOptions): void {
    const { groups } = this.#scanner;
    if (measuresDurations) groups.measureDurations();
    if (maxSums) groups.limit(maxSums.fewHosts);
    if (charts) groups.chartUntil(charts.until);
    if (selection?.window) this.#scanner.window(selection.window.since, selection.window.until);
  }

  /** Lines that were read the plain way: what the rest is fast in proportion to. */
  get decodedLines(): number {
    return this.#decodedLines;
  }

  /** Lines counted since `begin`. */
  get lines(): number {
    return this.#lines;
  }

  /** Begins again with line 1, with lines older than all before; the values learnt of the log stay known. `atStart`: it is the file's start. */
  begin(atStart: boolean): void {
    this.#scanner.groups.beginOlder();
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
    this.#forget();
  }

  /** Forgets what was learnt of values. */
  #forget(): void {
    this.#scanner.forgetValues();
    this.#known.forget();
  }

  #pushBytes(chunk: Buffer): void {
    if (this.#options.selection?.window === null) return this.#plain(chunk);
    const { capacity } = this.#scanner;
    for (let start = 0; start < chunk.length; start += capacity)
      this.#push(chunk.subarray(start, start + capacity));
  }

  /** The end of a line and the beginning of the last one go through the splitter, which knows of beginnings and of halves. */
  #push(piece: Buffer): void {
    const first = piece.indexOf(LF) + 1;
    const end = piece.lastIndexOf(LF) + 1;
    this.#plain(piece.subarray(0, first));
    if (end > first) this.#scan(piece, first, end);
    this.#plain(piece.subarray(end));
    if (this.#decodedParts.size >= MAX_DECODED) this.flush();
  }

  /** Counts an unterminated tail. */
  end(): void {
    const rest = this.#splitter.end();
    if (rest !== null) this.#decode([rest], true);
    this.#decoder.end(this.#options.source, this.#decoded);
  }

  /** Hands on what was counted so far. */
  flush(): void {
    const { groups } = this.#scanner;
    if (groups.count > 0) this.#options.counted(takeTable(groups, this.#known, this.#decodedParts));
    if (this.#decodedParts.size >= MAX_DECODED / 2) this.#decodedParts.forget();
    this.#takeSeconds();
    const passed = this.#scanner.takePassed();
    if (passed.records > 0) this.#options.passedBy?.(passed);
    if (this.#scanner.isFullOfValues) this.#forget();
  }

  #takeSeconds(): void {
    this.#scanner.groups.takeSeconds((second, verdict, count) => {
      const name = VERDICTS[verdict - 1];
      if (name !== undefined) this.#options.charts?.add(second * SECOND, name, count);
    });
  }

  /** Makes room in the kernel. */
  #empty(): void {
    if (this.#scanner.groups.areSecondsFull) this.#takeSeconds();
    else this.flush();
  }

  #scan(bytes: Buffer, start: number, end: number): void {
    const scanner = this.#scanner;
    scanner.read(bytes);
    for (let at = start; at < end; at = scanner.next) {
      const why = scanner.scan(at, end);
      this.#lines += scanner.lines;
      if (why === 'new') this.#meet(bytes);
      if (why === 'unsure') scanner.next = this.#plainLine(bytes, scanner.next);
      if (why === 'full') this.#empty();
      if (this.#decodedParts.size >= MAX_DECODED) this.flush();
    }
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

  /** Learns the values of the line at which the scan ended, which is scanned again. */
  #meet(bytes: Buffer): void {
    const scanner = this.#scanner;
    const end = bytes.indexOf(LF, scanner.next) + 1;
    const event = this.#peek(bytes.subarray(scanner.next, end));
    scanner.teach(this.#known.learn(event, scanner.parts, scanner.record));
    if (this.#known.hosts.size >= MANY_HOSTS && !this.#spares) this.#spare();
  }

  #spare(): void {
    this.#spares = true;
    this.#scanner.groups.limit(this.#options.maxSums?.manyHosts ?? SUMS_OF_MANY_HOSTS);
  }

  /** The event of a whole line, without counting it; null when it is no event. */
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
    else passedBy?.(passedRecord(event));
  }

  #addEvent(event: EgressEvent): void {
    const { selection, charts, passedBy } = this.#options;
    if (selection && !selection.isSelected(event)) return passedBy?.(passedRecord(event));
    if (!this.#sum(event)) {
      this.flush();
      this.#sum(event);
    }
    if (!charts || event.verdict === null || event.at === null || event.at > charts.until) return;
    charts.add(event.at, event.verdict, 1);
  }

  /** False where there is no room for it. */
  #sum(event: EgressEvent): boolean {
    const { at, bytes, durationMs, status } = event;
    const measures = [at, bytes, durationMs, status].map(value => value ?? Number.NaN);
    return this.#scanner.groups.add(this.#decodedParts.numbersOf(event), measures);
  }
}

const passedRecord = ({ verdict, at }: EgressEvent): PassedRecords => ({
  records: 1,
  decisions: verdict === null ? 0 : 1,
  untimed: at === null ? 1 : 0,
});
