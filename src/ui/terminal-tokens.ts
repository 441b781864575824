/** A token of a terminal's input. A `report` is a complete control sequence or string without any text. */
export type TerminalToken =
  | { readonly type: 'text'; readonly bytes: string }
  /** A control sequence `ESC [ … F` (ECMA-48 §5.4): parameter bytes, intermediate bytes, final byte. */
  | {
      readonly type: 'csi';
      readonly parameters: string;
      readonly intermediates: string;
      readonly final: string;
      readonly bytes: string;
    }
  /** `ESC O F`, on some terminals with digits in between: a function or cursor key. */
  | { readonly type: 'ss3'; readonly bytes: string }
  /** `ESC` and one character: Alt with a key, or Esc followed by a key. */
  | { readonly type: 'escaped'; readonly bytes: string }
  /** Esc alone. */
  | { readonly type: 'escape' }
  /** A complete OSC, DCS, APC, PM or SOS string (ECMA-48 §5.6), or a mouse report in X10 form. */
  | { readonly type: 'report' }
  /** A short OSC that was ended: what stands between `ESC ]` and its end. Terminals answer questions about colours so. */
  | { readonly type: 'osc'; readonly text: string }
  /** The text between `ESC [ 200 ~` and `ESC [ 201 ~` (xterm, bracketed paste). */
  | { readonly type: 'paste'; readonly bytes: string };

const ESC = '\u001b';
const BEL = '\u0007';
/** CAN and SUB end a control string (DEC STD 070). */
const ABORTS: ReadonlySet<string> = new Set(['\u0018', '\u001a']);
/** The characters after ESC that start a control string: DCS, SOS, OSC, PM, APC. */
const STRING_OPENERS = 'PX]^_';
/** The most bytes of a control sequence. Longer ones are dropped: no key has so many. */
const MOST_SEQUENCE = 256;
/** A control string of more bytes is passed over: no answer is that long. */
const MOST_STRING = 128;
/** The most characters of a pasted text. The rest is dropped. */
const MOST_PASTED = 65_536;
const PASTE_END = `${ESC}[201~`;

type State =
  | { readonly type: 'ground' }
  | { readonly type: 'escape' }
  | { readonly type: 'csi' }
  | { readonly type: 'ss3' }
  | { readonly type: 'string'; readonly isEnding: boolean }
  /** `missing`: the number of bytes of a mouse report in X10 form that have not arrived. */
  | { readonly type: 'mouse'; readonly missing: number }
  | { readonly type: 'paste' };

const GROUND: State = { type: 'ground' };

const isParameter = (byte: string): boolean => byte >= '0' && byte <= '?';
const isIntermediate = (byte: string): boolean => byte >= ' ' && byte <= '/';
const isFinal = (byte: string): boolean => byte >= '@' && byte <= '~';

/**
 * Splits a terminal's input into tokens, independent of how reads cut it. One character is one byte (latin1), so that reports with raw
 * bytes keep their length. Buffers at most one unfinished token, of bounded size.
 */
export class TerminalTokens {
  #state: State = GROUND;
  /** The bytes of the unfinished token, with ESC. Of a control string at most `MOST_STRING` are kept. */
  #held = '';

  /** Takes bytes and returns the tokens that they complete. */
  push(bytes: string): readonly TerminalToken[] {
    const found: TerminalToken[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (this.#state.type !== 'ground') {
        this.#take(bytes[at] ?? '', found);
        from = at + 1;
      } else if (bytes[at] === ESC) {
        addText(found, bytes.slice(from, at));
        this.#begin({ type: 'escape' }, ESC);
        from = at + 1;
      }
    }
    addText(found, bytes.slice(from));
    return found;
  }

  /** The kind of the unfinished token: none, one that may be a key, or one that cannot be a key. */
  get pending(): 'nothing' | 'key' | 'report' {
    switch (this.#state.type) {
      case 'ground':
        return 'nothing';
      case 'escape':
      case 'ss3':
        return 'key';
      case 'csi':
      case 'string':
        return this.#held.length <= 2 ? 'key' : 'report';
      case 'mouse':
      case 'paste':
        return 'report';
    }
  }

  /** Ends the unfinished token after a timeout. The beginning of a key counts as single keys; an unfinished report is dropped. */
  giveUp(): readonly TerminalToken[] {
    const [held, pending] = [this.#held, this.pending];
    const isPaste = this.#state.type === 'paste';
    this.#begin(GROUND, '');
    if (isPaste) return [{ type: 'paste', bytes: held.slice(0, MOST_PASTED) }];
    if (pending !== 'key') return [];
    return held === ESC ? [{ type: 'escape' }] : [{ type: 'escaped', bytes: held }];
  }

  #begin(state: State, held: string): void {
    [this.#state, this.#held] = [state, held];
  }

  #take(byte: string, found: TerminalToken[]): void {
    switch (this.#state.type) {
      case 'ground':
        return;
      case 'escape':
        return this.#escaped(byte, found);
      case 'csi':
        return this.#inSequence(byte, found);
      case 'ss3':
        return this.#inFunctionKey(byte, found);
      case 'string':
        return this.#inString(byte, this.#state.isEnding, found);
      case 'mouse':
        return this.#inMouseReport(this.#state.missing, found);
      case 'paste':
        return this.#inPaste(byte, found);
    }
  }

  #escaped(byte: string, found: TerminalToken[]): void {
    if (byte === '[') return this.#begin({ type: 'csi' }, `${ESC}[`);
    if (byte === 'O') return this.#begin({ type: 'ss3' }, `${ESC}O`);
    if (STRING_OPENERS.includes(byte)) return this.#begin({ type: 'string', isEnding: false }, ESC + byte);
    if (byte === ESC) {
      found.push({ type: 'escape' });
      return this.#begin({ type: 'escape' }, ESC);
    }
    // the end of a string without a beginning
    found.push(byte === '\\' ? { type: 'report' } : { type: 'escaped', bytes: ESC + byte });
    this.#begin(GROUND, '');
  }

  #inSequence(byte: string, found: TerminalToken[]): void {
    const payload = this.#held.slice(2);
    // function keys of the Linux console: ESC [ [ A
    const isConsoleKey = payload === '[' && isFinal(byte);
    const isConsoleStart = payload === '' && byte === '[';
    // rxvt ends shifted editing keys in $, which is an intermediate byte: ESC [ 5 $
    if (byte === '$' && /^[235678]$/.test(payload)) return this.#endSequence(byte, found);
    if (isConsoleStart || isParameter(byte) || isIntermediate(byte)) {
      if (this.#held.length < MOST_SEQUENCE) this.#held += byte;
      return;
    }
    if (isConsoleKey || isFinal(byte)) return this.#endSequence(byte, found);
    // a control character inside: the sequence was cut off, and a new one begins
    this.#begin(GROUND, '');
    found.push({ type: 'report' });
    if (byte === ESC) this.#begin({ type: 'escape' }, ESC);
    else if (!ABORTS.has(byte)) addText(found, byte);
  }

  #endSequence(final: string, found: TerminalToken[]): void {
    const bytes = this.#held + final;
    const payload = this.#held.slice(2);
    const parameters = /^[0-?]*/.exec(payload)?.[0] ?? '';
    this.#begin(GROUND, '');
    if (final === 'M' && payload === '') return this.#begin({ type: 'mouse', missing: 3 }, bytes);
    if (bytes === `${ESC}[200~`) return this.#begin({ type: 'paste' }, '');
    if (bytes.length > MOST_SEQUENCE) return void found.push({ type: 'report' });
    found.push({ type: 'csi', parameters, intermediates: payload.slice(parameters.length), final, bytes });
  }

  #inFunctionKey(byte: string, found: TerminalToken[]): void {
    if (/[\d;]/.test(byte) && this.#held.length < 16) {
      this.#held += byte;
      return;
    }
    const bytes = this.#held + byte;
    this.#begin(GROUND, '');
    if (isFinal(byte)) return void found.push({ type: 'ss3', bytes });
    found.push({ type: 'escaped', bytes: bytes.slice(0, -1) });
    if (byte === ESC) this.#begin({ type: 'escape' }, ESC);
    else addText(found, byte);
  }

  /** A string ends at BEL, at ST (`ESC \`), or where it is cut off by CAN, SUB or another sequence. */
  #inString(byte: string, isEnding: boolean, found: TerminalToken[]): void {
    if (isEnding && byte !== '\\') {
      found.push({ type: 'report' });
      this.#begin({ type: 'escape' }, ESC);
      return this.#escaped(byte, found);
    }
    if (isEnding || byte === BEL || ABORTS.has(byte)) {
      found.push(ABORTS.has(byte) ? { type: 'report' } : stringOf(this.#held));
      return this.#begin(GROUND, '');
    }
    const held = this.#held.length < MOST_STRING ? this.#held + byte : this.#held;
    this.#begin({ type: 'string', isEnding: byte === ESC }, held);
  }

  #inMouseReport(missing: number, found: TerminalToken[]): void {
    if (missing > 1) return this.#begin({ type: 'mouse', missing: missing - 1 }, this.#held);
    found.push({ type: 'report' });
    this.#begin(GROUND, '');
  }

  #inPaste(byte: string, found: TerminalToken[]): void {
    this.#held += byte;
    if (byte === '~' && this.#held.endsWith(PASTE_END)) {
      found.push({ type: 'paste', bytes: this.#held.slice(0, -PASTE_END.length).slice(0, MOST_PASTED) });
      this.#begin(GROUND, '');
    } else if (this.#held.length > 2 * MOST_PASTED)
      // rarely, because each cut copies the text
      this.#held = this.#held.slice(0, MOST_PASTED) + this.#held.slice(-PASTE_END.length);
  }
}

/** The token of a control string, as it was held at its end: without BEL, but with the ESC of ST. */
function stringOf(held: string): TerminalToken {
  if (held[1] !== ']' || held.length >= MOST_STRING) return { type: 'report' };
  return { type: 'osc', text: held.slice(2).replace(ESC, '') };
}

function addText(found: TerminalToken[], bytes: string): void {
  if (bytes === '') return;
  const last = found.at(-1);
  if (last?.type === 'text') found[found.length - 1] = { type: 'text', bytes: last.bytes + bytes };
  else found.push({ type: 'text', bytes });
}
