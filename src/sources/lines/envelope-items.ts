const [LF, CR, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09];
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A longer key leads to no record. */
const LONGEST_KEY = 64;

/** A step of the walk, in the order of the bytes. Places are those of the pushed bytes. */
export type EnvelopeStep =
  /** Bytes of a record; several steps where it spans several pushes. */
  | {
      readonly type: 'item';
      readonly start: number;
      readonly end: number;
      readonly isFirst: boolean;
      readonly isLast: boolean;
    }
  /** The object is over before `at`. */
  | { readonly type: 'end'; readonly at: number }
  /** The bytes from `at` on do not go on the object, nor the record that was being read. */
  | { readonly type: 'broken'; readonly at: number; readonly isInItem: boolean };

/** The form of a record: it ends with its bracket, its quote, or before what follows a number or word. */
type ItemForm = 'bracketed' | 'text' | 'bare';

/**
 * Walks one JSON object as its bytes come, and finds the values at the end of a way. A value on the way of another type than the way wants
 * is found too, so that nothing is lost. It holds no byte but those of one short key.
 */
export class EnvelopeItems {
  readonly #way: readonly string[];
  readonly #isOneLine: boolean;
  /** Containers that are open, and how many of them from the root on lie on the way. */
  #depth = 0;
  #onWay = 0;
  #inText = false;
  #isEscaped = false;
  /** In an object on the way: whether a key is due, the key that is being read or was read last, and whether its value leads on. */
  #isKeyDue = false;
  #inKey = false;
  #key: number[] = [];
  #leadsOn = false;
  #item: { readonly depth: number; readonly form: ItemForm } | null = null;

  /** `isOneLine`: a line end is no blank, for the object stands on one line. */
  constructor(way: readonly string[], isOneLine = false) {
    this.#way = way;
    this.#isOneLine = isOneLine;
  }

  /** The steps of these bytes; there is nothing more to push behind `end` and `broken`. */
  push(bytes: Buffer): readonly EnvelopeStep[] {
    const steps: EnvelopeStep[] = [];
    let start = this.#item ? 0 : -1;
    let isFirst = false;
    const close = (end: number, isLast: boolean): void => {
      if (start >= 0) steps.push({ type: 'item', start, end, isFirst, isLast });
      start = -1;
      if (isLast) this.#item = null;
    };
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#item?.form === 'bare' && isBehindWord(byte)) close(at, true);
      const hadItem = this.#item !== null;
      const isTorn = byte === LF && (this.#inText || this.#isOneLine);
      const moved = isTorn ? 'broken' : this.#inText ? this.#text(byte) : this.#walk(byte);
      if (moved === 'broken') {
        close(at, true);
        return [...steps, { type: 'broken', at, isInItem: hadItem }];
      }
      if (!hadItem && this.#item) [start, isFirst] = [at, true];
      if (moved === 'item over') close(at + 1, true);
      if (this.#depth === 0 && moved === 'closed') return [...steps, { type: 'end', at: at + 1 }];
    }
    close(bytes.length, false);
    return steps;
  }

  /** A byte of a text, up to its closing quote. */
  #text(byte: number): 'item over' | null {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#inText = false;
      this.#inKey = false;
      return this.#item?.form === 'text' && this.#item.depth === this.#depth ? 'item over' : null;
    }
    if (this.#inKey && this.#key.length <= LONGEST_KEY) this.#key.push(byte);
    return null;
  }

  #walk(byte: number): 'item over' | 'closed' | 'broken' | null {
    switch (byte) {
      case SPACE:
      case TAB:
      case CR:
      case LF:
        return null;
      case COMMA:
        if (this.#isOnWay) [this.#isKeyDue, this.#leadsOn] = [this.#isInObject, false];
        return null;
      case COLON:
        if (this.#isOnWay && this.#isInObject)
          this.#leadsOn = Buffer.from(this.#key).toString('latin1') === this.#way[this.#depth - 1];
        return null;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        return this.#close(byte);
      default:
        return this.#value(byte);
    }
  }

  /** Whether the innermost container lies on the way, and no record is being read. */
  get #isOnWay(): boolean {
    return this.#item === null && this.#depth === this.#onWay;
  }

  get #isInObject(): boolean {
    return this.#way[this.#depth - 1] !== '*';
  }

  /** The beginning of a key or a value, or a further byte of a number or word. */
  #value(byte: number): 'broken' | null {
    const opens = byte === OPEN_LIST || byte === OPEN_OBJECT;
    if (this.#isOnWay) {
      if (this.#depth > 0 && this.#isInObject && this.#isKeyDue) {
        if (byte !== QUOTE) return 'broken';
        [this.#isKeyDue, this.#inKey, this.#key, this.#inText] = [false, true, [], true];
        return null;
      }
      if (this.#depth === 0 || !this.#isInObject || this.#leadsOn) {
        const next = this.#way[this.#depth];
        const wanted = next === '*' ? OPEN_LIST : OPEN_OBJECT;
        if (next === undefined || byte !== wanted)
          this.#item = { depth: this.#depth, form: opens ? 'bracketed' : byte === QUOTE ? 'text' : 'bare' };
        else {
          this.#onWay += 1;
          [this.#isKeyDue, this.#leadsOn] = [next !== '*', false];
        }
      }
    }
    if (opens) this.#depth += 1;
    else if (byte === QUOTE) this.#inText = true;
    return null;
  }

  #close(byte: number): 'item over' | 'closed' | 'broken' {
    if (this.#isOnWay) {
      if (byte !== (this.#isInObject ? CLOSE_OBJECT : CLOSE_LIST)) return 'broken';
      this.#onWay -= 1;
      [this.#isKeyDue, this.#leadsOn] = [false, false];
    }
    this.#depth -= 1;
    return this.#item?.form === 'bracketed' && this.#item.depth === this.#depth ? 'item over' : 'closed';
  }
}

const isBehindWord = (byte: number): boolean =>
  byte === COMMA ||
  byte === CLOSE_LIST ||
  byte === CLOSE_OBJECT ||
  byte === SPACE ||
  byte === TAB ||
  byte === CR ||
  byte === LF;
