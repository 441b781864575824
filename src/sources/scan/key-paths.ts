import type { RecordShape } from '../../core/record-shape.ts';
import { CLOSE, COMMA, OPEN, QUOTE, skipBlanks, type LogBytes } from './json-bytes.ts';
import { Literal } from './literal.ts';
import { layoutOf, namedKeys, type Layout } from './layout.ts';

/** Keys of one record; one with more is left to the plain way. */
export const MAX_KEYS = 64;
/** Ways on that are remembered. A log has a few dozen; one that has more is made to be slow, and is read the plain way. */
const MAX_STEPS = 4_096;

const LF = 0x0a;
const CR = 0x0d;

/** What stands between two values, to the byte, and what is known once it is passed: a further value, or a whole record. */
interface Step {
  readonly literal: Literal;
  readonly next: Junction | null;
  readonly layout: Layout | null;
}

/** A place in a record after the same keys: the ways on that were met here. */
export interface Junction {
  readonly keys: readonly string[];
  readonly steps: Step[];
}

/**
 * The sequences of keys that a log's records have, learnt from the log as a tree: a writer has few of them, so that what stands
 * between two values need only be compared, never be parsed again.
 */
export class KeyPaths {
  readonly root: Junction = { keys: [], steps: [] };
  readonly #shapes: readonly RecordShape[];
  readonly #named: ReadonlySet<string>;
  #learnt = 0;

  constructor(shapes: readonly RecordShape[]) {
    this.#shapes = shapes;
    this.#named = new Set(shapes.flatMap(namedKeys));
  }

  /** The way on from a junction that stands at a place in the bytes, perhaps learnt just now; null where none can be. */
  step(from: Junction, { bytes, view }: LogBytes, at: number): Step | null {
    const { steps } = from; // by index: an iterator costs a tenth of the whole scan
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index] as Step;
      if (step.literal.standsAt(view, at)) return step;
    }
    return this.#learn(from, bytes, at);
  }

  #learn(from: Junction, bytes: Uint8Array, at: number): Step | null {
    if (this.#learnt >= MAX_STEPS) return null;
    const step = bytes[at] === CLOSE ? this.#end(from, bytes, at) : this.#key(from, bytes, at);
    if (!step) return null;
    this.#learnt += 1;
    from.steps.push(step);
    return step;
  }

  /** `}` and the line's end. */
  #end({ keys }: Junction, bytes: Uint8Array, at: number): Step | null {
    const end = bytes[at + 1] === CR ? at + 2 : at + 1;
    if (bytes[end] !== LF) return null;
    return {
      literal: new Literal(bytes.subarray(at, end + 1)),
      next: null,
      layout: layoutOf(this.#learnt, keys, this.#shapes),
    };
  }

  /** `{"key":` or `,"key":`, with the blanks that the writer puts there. */
  #key({ keys }: Junction, bytes: Uint8Array, at: number): Step | null {
    if (bytes[at] !== (keys.length === 0 ? OPEN : COMMA) || keys.length >= MAX_KEYS) return null;
    const open = skipBlanks(bytes, at + 1);
    const close = bytes[open] === QUOTE ? bytes.indexOf(QUOTE, open + 1) : -1;
    const colon = skipBlanks(bytes, close + 1);
    if (close < 0 || bytes[colon] !== 0x3a) return null;
    const key = String.fromCharCode(...bytes.subarray(open + 1, Math.min(close, open + 1 + MAX_KEYS)));
    if (!this.#named.has(key)) return null;
    const literal = new Literal(bytes.subarray(at, skipBlanks(bytes, colon + 1)));
    return { literal, next: { keys: [...keys, key], steps: [] }, layout: null };
  }
}
