import { PARTS, type RecordShape } from '../../../core/record-shape.ts';
import { newKernel, type Kernel, type Shared } from './load-kernel.ts';
import { KeyPaths } from './key-paths.ts';

/** What is known of some lines, by their place among those scanned. */
export interface ScannedLines {
  /** Records whose parts have the same values are of one kind; kinds are numbered from 0 as they come. */
  readonly kinds: Int32Array;
  /** Where each begins in the bytes. */
  readonly beginnings: Int32Array;
  /** Unix ms; like the other measures NaN where the record has none. */
  readonly at: Float64Array;
  readonly bytes: Float64Array;
  readonly durationMs: Float64Array;
  readonly status: Float64Array;
}

/** What is known of one line. */
export interface ScannedRecord {
  /** Whose shape it has. */
  readonly system: string;
  readonly at: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly status: number;
}

/**
 * Reads lines of a log by their bytes: which known value each part of the event has, and the measures. It leaves unsure lines to the
 * plain way, JSON.parse and a decoder, which it must equal (test/reading/by-bytes/bulk-counter.test.ts). A thin cover of the kernel in
 * WebAssembly: 1,000,000 lines of 300 bytes take 0.15 s of CPU, the plain way 4 s.
 */
export class LineScanner {
  /** Where, in the bytes, the line begins that follows them. */
  next = 0;
  /** Whether the last of them is the first of its kind. */
  isNew = false;
  readonly #kernel: Kernel = newKernel();
  readonly #paths: KeyPaths;
  readonly #parts = new Int32Array(PARTS.length);
  #lines: ScannedLines;

  constructor(shapes: readonly RecordShape[]) {
    this.#paths = new KeyPaths(this.#kernel, shapes);
    this.#lines = linesOf(this.#kernel);
  }

  /** The most bytes that `read` takes. */
  get capacity(): number {
    return this.#kernel.CAPACITY.value;
  }

  /** Copies the bytes that are to be scanned. */
  read(bytes: Uint8Array): void {
    new Uint8Array(this.#kernel.memory.buffer).set(bytes, this.#kernel.LOG.value);
  }

  /**
   * Scans lines from `start`, where one begins, at most to `end`, where one must have ended; returns how many. `isNew` says that the
   * last one is the first of its kind. With 0 lines, the one at `next` must be read the plain way.
   */
  scan(start: number, end: number): number {
    const kernel = this.#kernel;
    const log = kernel.LOG.value;
    let from = log + start;
    let count = 0;
    do {
      count = kernel.scan(from, log + end);
      from = kernel.next.value;
    } while (count === 0 && from < log + end && this.#learn());
    this.next = from - log;
    this.isNew = kernel.isNew.value !== 0;
    return count;
  }

  #learn(): boolean {
    const { fork, forkAt } = this.#kernel;
    return fork.value !== 0 && this.#paths.learn(fork.value, forkAt.value);
  }

  /** Of the lines scanned last; overwritten by the next scan. */
  get lines(): ScannedLines {
    if (this.#lines.kinds.length === 0) this.#lines = linesOf(this.#kernel); // its memory has grown, which moves it
    return this.#lines;
  }

  /** Of the line scanned last: the number of each part's value, in the order of PARTS; values are numbered from 0 as they come. */
  get parts(): Int32Array {
    for (let part = 0; part < this.#parts.length; part += 1)
      this.#parts[part] = this.#kernel.partNumber(part);
    return this.#parts;
  }

  /** The line scanned last, whose place is `index`. */
  record(index: number): ScannedRecord {
    const of = (measures: Float64Array): number => measures[index] as number;
    const { at, bytes, durationMs, status } = this.lines;
    const { system } = this.#paths;
    return { system, at: of(at), bytes: of(bytes), durationMs: of(durationMs), status: of(status) };
  }

  /** Forgets the kinds; their numbers start at 0 again. */
  forgetKinds(): void {
    this.#kernel.forgetKinds();
  }

  /** Forgets the values of parts too. */
  forgetAll(): void {
    this.#kernel.forgetParts();
    this.forgetKinds();
  }
}

/** Seen where the kernel has them. */
function linesOf({ memory, MAX_LINES, ...kernel }: Kernel): ScannedLines {
  const integers = ({ value }: Shared) => new Int32Array(memory.buffer, value, MAX_LINES.value);
  const doubles = ({ value }: Shared) => new Float64Array(memory.buffer, value, MAX_LINES.value);
  return {
    kinds: integers(kernel.KINDS),
    beginnings: integers(kernel.BEGINNINGS),
    at: doubles(kernel.TIMES),
    bytes: doubles(kernel.BYTES),
    durationMs: doubles(kernel.DURATIONS),
    status: doubles(kernel.STATUSES),
  };
}
