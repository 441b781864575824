import type { RecordShape } from '../../../core/record-shape.ts';
import type { Kernel } from './load-kernel.ts';
import { layoutOf, namedKeys } from './layout.ts';

/** Keys of one record, as many as the kernel has room for; one with more is left to the plain way. */
const MAX_KEYS = 64;
/** Ways on that are remembered. A log has a few dozen; one that has more is made to be slow, and is read the plain way. */
const MAX_STEPS = 1_024;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * The sequences of keys that a log's records have, learnt from the log as a tree. A writer has few of them, so the bytes between two
 * values are compared, not parsed again.
 */
export class KeyPaths {
  readonly #kernel: Kernel;
  readonly #shapes: readonly RecordShape[];
  readonly #named: ReadonlySet<string>;
  /** The keys before each junction. */
  readonly #keys = new Map<number, readonly string[]>();
  /** By the kernel's pointers. */
  readonly #layouts = new Map<number, RecordShape>();
  #learnt = 0;

  constructor(kernel: Kernel, shapes: readonly RecordShape[]) {
    this.#kernel = kernel;
    this.#shapes = shapes;
    this.#named = new Set(shapes.flatMap(namedKeys));
    this.#keys.set(kernel.rootJunction(), []);
  }

  /** Whose shape the record has that was scanned last. */
  get system(): string {
    return this.#layouts.get(this.#kernel.lastLayout())?.system ?? '';
  }

  /** Learns the way on from a junction that stands at a place in the kernel's memory; false where it is none worth learning. */
  learn(junction: number, at: number): boolean {
    const keys = this.#keys.get(junction);
    if (!keys || this.#learnt >= MAX_STEPS) return false;
    const bytes = new Uint8Array(this.#kernel.memory.buffer);
    const isLearnt =
      bytes[at] === CLOSE ? this.#end(junction, keys, bytes, at) : this.#key(junction, keys, bytes, at);
    if (isLearnt) this.#learnt += 1;
    return isLearnt;
  }

  /** `}` and the line's end. */
  #end(junction: number, keys: readonly string[], bytes: Uint8Array, at: number): boolean {
    const end = bytes[at + 1] === CR ? at + 2 : at + 1;
    if (bytes[end] !== LF) return false;
    const layout = layoutOf(this.#learnt, keys, this.#shapes);
    let words = 0;
    if (layout) {
      words = this.#kernel.allocate(layout.words.byteLength);
      new Int32Array(this.#kernel.memory.buffer).set(layout.words, words / Int32Array.BYTES_PER_ELEMENT);
      this.#layouts.set(words, layout.shape);
    }
    this.#kernel.learnEnd(junction, at, end + 1 - at, words);
    return true;
  }

  /** `{"key":` or `,"key":`, with the blanks that the writer puts there. */
  #key(junction: number, keys: readonly string[], bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== (keys.length === 0 ? OPEN : COMMA) || keys.length >= MAX_KEYS) return false;
    const open = skipBlanks(bytes, at + 1);
    const close = bytes[open] === QUOTE ? bytes.indexOf(QUOTE, open + 1) : -1;
    const colon = skipBlanks(bytes, close + 1);
    if (close < 0 || bytes[colon] !== COLON) return false;
    const key = String.fromCharCode(...bytes.subarray(open + 1, Math.min(close, open + 1 + MAX_KEYS)));
    if (!this.#named.has(key)) return false;
    const further = this.#kernel.learnKey(junction, at, skipBlanks(bytes, colon + 1) - at);
    this.#keys.set(further, [...keys, key]);
    return true;
  }
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === BLANK || bytes[at] === TAB) at += 1;
  return at;
}
