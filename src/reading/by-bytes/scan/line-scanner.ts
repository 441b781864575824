import { PARTS, type RecordShape } from '../../../core/record-shape.ts';
import { newKernel, type Kernel } from './load-kernel.ts';
import { KeyPaths } from './key-paths.ts';
import { KeySets } from './key-sets.ts';
import { KernelGroups } from './kernel-groups.ts';
import { namedKeys } from './layout.ts';
import { Layouts } from './layouts.ts';

/** Records outside of the window: how many, how many of them rule, and how many have no time that can be read. */
export interface PassedRecords {
  readonly records: number;
  readonly decisions: number;
  readonly untimed: number;
}

/** Why a scan ended: at the end of the bytes, or at a line that was not counted. */
export type ScanEnd = 'ended' | 'unsure' | 'new' | 'full';

/** In the order of the numbers that src/reading/by-bytes/scan/kernel/scan-lines.ts gives them. */
const SCAN_ENDS: readonly (ScanEnd | 'key' | 'keys')[] = ['ended', 'unsure', 'new', 'full', 'key', 'keys'];

/**
 * The flags of a part's value for the kernel. `known`: it may be counted. `decoded`: its records are decoded. The others are of a ruling:
 * which measures it takes; the number of its verdict, counted from 1, stands above them.
 */
export const PART_FLAGS = { known: 1, decoded: 2, bytes: 4, duration: 8, status: 16 } as const;
export const VERDICT_SHIFT = 8;

/** The facts of one line. Unix ms; NaN for what the record does not have. */
export interface ScannedRecord {
  /** Whose shape it has. */
  readonly system: string;
  readonly at: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly status: number;
}

/**
 * Counts lines of a log by their bytes, in groups of records whose four parts have the same values. It leaves unsure lines to the plain way,
 * JSON.parse and a decoder, which it must equal (test/reading/by-bytes/bulk-counter.test.ts). A thin cover of the kernel in WebAssembly.
 */
export class LineScanner {
  /** Where, in the bytes, the line begins at which the scan ended. */
  next = 0;
  readonly groups: KernelGroups;
  readonly #kernel: Kernel = newKernel();
  readonly #layouts: Layouts;
  readonly #paths: KeyPaths;
  readonly #sets: KeySets;
  readonly #parts = new Int32Array(PARTS.length);
  #log: Uint8Array;

  constructor(shapes: readonly RecordShape[]) {
    this.#layouts = new Layouts(this.#kernel, shapes);
    this.#paths = new KeyPaths(this.#kernel, this.#layouts, new Set(shapes.flatMap(namedKeys)));
    this.#sets = new KeySets(this.#kernel, this.#layouts, key => this.#paths.isPlain(key));
    this.groups = new KernelGroups(this.#kernel);
    this.#log = this.#logBytes();
  }

  /** The most bytes that `read` takes. */
  get capacity(): number {
    return this.#kernel.CAPACITY.value;
  }

  #logBytes(): Uint8Array {
    const { memory, LOG, CAPACITY } = this.#kernel;
    return new Uint8Array(memory.buffer, LOG.value, CAPACITY.value);
  }

  /** Copies the bytes that are to be scanned. */
  read(bytes: Uint8Array): void {
    if (this.#log.length === 0) this.#log = this.#logBytes(); // the kernel's memory has grown, which moves it
    this.#log.set(bytes);
  }

  /** Counts only records from `since` on and before `until`, in unix ms. */
  window(since: number, until: number): void {
    this.#kernel.setWindow(since, until);
  }

  /** Takes how many records stood outside of the window. */
  takePassed(): PassedRecords {
    const { passedRecords, passedDecisions, passedUntimed } = this.#kernel;
    const passed = {
      records: passedRecords.value,
      decisions: passedDecisions.value,
      untimed: passedUntimed.value,
    };
    this.#kernel.forgetPassed();
    return passed;
  }

  /**
   * Counts lines from `start`, where one begins, at most to `end`, where one must have ended. The line at `next` was not counted. `unsure`:
   * it is to be read the plain way. `new`: `teach` is to be called first. `full`: what was counted is to be taken first.
   */
  scan(start: number, end: number): ScanEnd {
    const kernel = this.#kernel;
    const log = kernel.LOG.value;
    let from = log + start;
    this.lines = 0;
    for (;;) {
      const why = SCAN_ENDS[kernel.scan(from, log + end)] ?? 'unsure';
      this.lines += kernel.lines.value;
      from = kernel.next.value;
      this.next = from - log;
      if (why === 'key') this.#sets.place();
      else if (why === 'keys') this.#sets.learn();
      else if (why !== 'unsure' || !this.#learn()) return why;
    }
  }

  /** How many lines the last scan counted. */
  lines = 0;

  #learn(): boolean {
    const { fork, forkAt } = this.#kernel;
    return fork.value !== 0 && this.#paths.learn(fork.value, forkAt.value);
  }

  /** Of a line that is `new`: the number of each part's value, in the order of PARTS; values are numbered from 0 as they come. */
  get parts(): Int32Array {
    for (let part = 0; part < this.#parts.length; part += 1)
      this.#parts[part] = this.#kernel.partNumber(part);
    return this.#parts;
  }

  /** Of the same line. */
  get record(): ScannedRecord {
    const kernel = this.#kernel;
    return {
      system: this.#layouts.system,
      at: kernel.lastTime(),
      bytes: kernel.lastMeasure(0),
      durationMs: kernel.lastMeasure(1),
      status: kernel.lastMeasure(2),
    };
  }

  /** Tells what its parts' values are, in the order of PARTS; 0: not known yet. */
  teach(flags: readonly number[]): void {
    for (const [part, known] of flags.entries()) this.#kernel.setPartFlags(part, known);
  }

  /** Whether so many values are known that they are better forgotten, once what was counted is taken. */
  get isFullOfValues(): boolean {
    return this.#kernel.isFullOfValues() !== 0;
  }

  forgetValues(): void {
    this.#kernel.forgetParts();
  }
}
