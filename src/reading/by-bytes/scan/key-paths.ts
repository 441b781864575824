import { WITHIN } from '../../../core/record-shape.ts';
import type { Kernel } from './load-kernel.ts';
import type { Layouts } from './layouts.ts';

/** Keys of one record, as many as the kernel has room for; one with more is left to the plain way. */
const MAX_KEYS = 64;
/** Objects within objects that are read key by key. */
const MAX_DEPTH = 8;
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

/** The keys that were read, those within objects with the keys around them, and the objects that are open. */
interface Way {
  readonly keys: readonly string[];
  readonly within: readonly string[];
}

/**
 * The sequences of keys that a log's records have, learnt from the log as a tree. A writer has few of them, so the bytes between two
 * values are compared, not parsed again.
 */
export class KeyPaths {
  readonly #kernel: Kernel;
  readonly #layouts: Layouts;
  readonly #named: ReadonlySet<string>;
  /** The paths before each junction. */
  readonly #ways = new Map<number, Way>();
  /** Objects that are read key by key, because a shape names keys within them. */
  readonly #opened: ReadonlySet<string>;
  #learnt = 0;

  constructor(kernel: Kernel, layouts: Layouts, named: ReadonlySet<string>) {
    [this.#kernel, this.#layouts, this.#named] = [kernel, layouts, named];
    this.#opened = new Set([...this.#named].flatMap(objectsAround));
    this.#ways.set(kernel.rootJunction(), { keys: [], within: [] });
  }

  /** Whether a key is in a shape, and no object that is read key by key. */
  isPlain(key: string): boolean {
    return this.#named.has(key) && !this.#opened.has(key);
  }

  /** Learns the way on from a junction that stands at a place in the kernel's memory; false where it is none worth learning. */
  learn(junction: number, at: number): boolean {
    const way = this.#ways.get(junction);
    if (!way || this.#learnt >= MAX_STEPS) return false;
    const bytes = new Uint8Array(this.#kernel.memory.buffer);
    const closed = closing(bytes, at, way);
    const isLearnt =
      closed.within.length === 0 && bytes[closed.at] === CLOSE
        ? this.#end(junction, way.keys, { bytes, at, close: closed.at })
        : this.#key(junction, { keys: way.keys, within: closed.within }, { bytes, at, from: closed.at });
    if (isLearnt) this.#learnt += 1;
    if (this.#learnt >= MAX_STEPS) this.#kernel.stopLearning();
    return isLearnt;
  }

  /** `}` and the line's end. */
  #end(
    junction: number,
    keys: readonly string[],
    { bytes, at, close }: { readonly bytes: Uint8Array; readonly at: number; readonly close: number },
  ): boolean {
    const end = bytes[close + 1] === CR ? close + 2 : close + 1;
    if (bytes[end] !== LF) return false;
    const places = new Map(keys.map((key, place) => [key, place]));
    const isTwice = places.size < keys.length;
    this.#kernel.learnEnd(junction, at, end + 1 - at, isTwice ? 0 : this.#layouts.learn(places));
    return true;
  }

  /** `{"key":` or `,"key":`, with the blanks that the writer puts there, and the keys of objects that are opened. */
  #key(
    junction: number,
    { keys, within }: Way,
    { bytes, at, from }: { readonly bytes: Uint8Array; readonly at: number; readonly from: number },
  ): boolean {
    if (bytes[from] !== (keys.length === 0 ? OPEN : COMMA) || keys.length >= MAX_KEYS) return false;
    let open = from;
    for (let around = within; around.length <= MAX_DEPTH;) {
      const found = keyAt(bytes, open);
      if (!found) return false;
      const path = [...around, found.key];
      const name = path.join(WITHIN);
      const isOpened = bytes[found.value] === OPEN && this.#opened.has(name);
      if (!isOpened) {
        if (!this.#named.has(name)) return false;
        const further = this.#kernel.learnKey(junction, at, found.value - at);
        this.#ways.set(further, { keys: [...keys, name], within: around });
        return true;
      }
      if (keys.some(key => key.startsWith(`${name}${WITHIN}`))) return false; // it comes twice: the later one counts alone
      [open, around] = [found.value, path];
    }
    return false;
  }
}

/** The objects around a key, the outermost first. */
const objectsAround = (name: string): readonly string[] => {
  const keys = name.split(WITHIN);
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join(WITHIN));
};

/** Where the objects end that are closed here, and what is open behind them. */
function closing(
  bytes: Uint8Array,
  start: number,
  { within }: Way,
): { readonly at: number } & Pick<Way, 'within'> {
  let [at, open] = [skipBlanks(bytes, start), within];
  while (open.length > 0 && bytes[at] === CLOSE) [at, open] = [skipBlanks(bytes, at + 1), open.slice(0, -1)];
  return { at, within: open };
}

/** The key behind a bracket or comma, and where its value begins; null where there is none. */
function keyAt(bytes: Uint8Array, at: number): { readonly key: string; readonly value: number } | null {
  const open = skipBlanks(bytes, at + 1);
  const close = bytes[open] === QUOTE ? bytes.indexOf(QUOTE, open + 1) : -1;
  const colon = skipBlanks(bytes, close + 1);
  if (close < 0 || bytes[colon] !== COLON) return null;
  const key = String.fromCharCode(...bytes.subarray(open + 1, Math.min(close, open + 1 + MAX_KEYS)));
  return { key, value: skipBlanks(bytes, colon + 1) };
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === BLANK || bytes[at] === TAB) at += 1;
  return at;
}
