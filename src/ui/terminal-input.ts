import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';
import { backgroundIn, type Background } from './background.ts';
import { TerminalTokens, type TerminalToken } from './terminal-tokens.ts';

/**
 * A wheel turn or a click, by screen row and column (0-based); pasted text; F1, which Ink knows but does not report; or the answer of a
 * terminal that was asked for its background.
 */
export type TerminalEvent =
  | { readonly type: 'background'; readonly background: Background }
  | { readonly type: 'f1' }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'wheel'; readonly direction: 1 | -1 }
  | { readonly type: 'click'; readonly row: number; readonly column: number };

/** The longest wait in ms for the rest of a key. After it, the bytes count as Esc and other keys. */
const KEY_WITHIN_MS = 50;
/** The same wait while an answer of the terminal is due, which begins as a key does. */
const KEY_WITHIN_ANSWER_MS = 250;
/** The longest pause in ms within a report or a paste. After it, the rest is given up. */
const REPORT_WITHIN_MS = 1_000;

/**
 * Filters the terminal's input for Ink. Only keys are passed on. Reports of the terminal are dropped, and mouse, paste and F1 become
 * events. A second listener beside Ink would take its input away.
 */
export class TerminalInput extends PassThrough {
  readonly #terminal: ReadStream;
  readonly #onEvent: (event: TerminalEvent) => void;
  readonly #tokens = new TerminalTokens();
  readonly #decoder = new StringDecoder('utf8');
  readonly #waiting: TerminalToken[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;
  /** The bytes that were given up as keys last: their rest may yet come, and be an answer. */
  #givenUp = '';
  /** The terminal was asked something: the beginning of a key may also begin the answer, and waits longer. */
  isAnswerDue = false;

  constructor(terminal: ReadStream, onEvent: (event: TerminalEvent) => void) {
    super();
    this.#terminal = terminal;
    this.#onEvent = onEvent;
    terminal.on('data', this.#take);
    terminal.once('end', () => {
      this.#isOver = true;
      this.#giveUp();
    });
    terminal.pause();
  }

  readonly #take = (chunk: Buffer | string): void => {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const text = bytes.toString('latin1');
    this.#forward(this.#tokens.push(beginsAnswer(this.#givenUp + text) ? this.#givenUp + text : text));
    this.#givenUp = '';
    const { pending } = this.#tokens;
    const keyWithin = this.isAnswerDue ? KEY_WITHIN_ANSWER_MS : KEY_WITHIN_MS;
    if (pending !== 'nothing')
      this.#timer = setTimeout(this.#giveUp, pending === 'key' ? keyWithin : REPORT_WITHIN_MS);
  };

  readonly #giveUp = (): void => {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const keys = this.#tokens.giveUp();
    this.#givenUp = keys.map(keysOf).join('');
    this.#forward(keys);
  };

  #forward(tokens: readonly TerminalToken[]): void {
    this.#waiting.push(...tokens);
    this.#drain();
  }

  /** Passes on what is queued, in order. An event waits until Ink has read the keys before it. */
  readonly #drain = (): void => {
    for (let token = this.#waiting[0]; token; token = this.#waiting[0]) {
      const event = this.isAnswerDue && token.type === 'osc' ? answerIn(token) : eventOf(token);
      if (event && this.readableLength > 0 && !this.readableEnded) return void setImmediate(this.#drain);
      this.#waiting.shift();
      if (event) this.#onEvent(event);
      else {
        const keys = this.#decoder.write(Buffer.from(keysOf(token), 'latin1'));
        if (keys !== '') this.write(keys);
      }
    }
    if (this.#isOver) this.end();
  };

  // The methods of a terminal that Ink calls.
  get isTTY(): boolean {
    return this.#terminal.isTTY;
  }

  setRawMode(isRaw: boolean): this {
    this.#terminal.setRawMode(isRaw);
    return this;
  }

  ref(): this {
    this.#terminal.resume();
    this.#terminal.ref();
    return this;
  }

  /** Also pauses the terminal, so that a child process which shares it gets the keys. */
  unref(): this {
    this.#terminal.pause();
    this.#terminal.unref();
    return this;
  }
}

/** Whether these bytes begin an OSC with a number. No person types those within one read: the terminal sent them late. */
const beginsAnswer = (bytes: string): boolean => /^\u001b\]\d+;/.test(bytes);

/** The sequences of F1 from xterm, the Linux console, rxvt and the kitty protocol. */
const F1: ReadonlySet<string> = new Set(['\u001bOP', '\u001b[[A', '\u001b[11~', '\u001b[P', '\u001b[1P']);

function eventOf(token: TerminalToken): TerminalEvent | null {
  if (token.type === 'paste')
    return { type: 'paste', text: Buffer.from(token.bytes, 'latin1').toString('utf8') };
  if (token.type !== 'csi' && token.type !== 'ss3') return null;
  if (F1.has(token.bytes)) return { type: 'f1' };
  return token.type === 'csi' ? mouseEventOf(token.bytes) : null;
}

function answerIn({ text }: Extract<TerminalToken, { type: 'osc' }>): TerminalEvent | null {
  const background = backgroundIn(text);
  return background && { type: 'background', background };
}

/** An SGR mouse report (xterm ctlseqs, "SGR (1006)"): button; column; row; M for press, m for release. */
const MOUSE = /^\u001b\[<(\d+);(\d+);(\d+)([Mm])$/;

function mouseEventOf(bytes: string): TerminalEvent | null {
  const [, button, column, row, end] = MOUSE.exec(bytes) ?? [];
  if (button === '64' || button === '65') return { type: 'wheel', direction: button === '65' ? 1 : -1 };
  return button === '0' && end === 'M'
    ? { type: 'click', row: Number(row) - 1, column: Number(column) - 1 }
    : null;
}

/** The bytes by which Ink recognises a key; empty for a token that is no key. */
function keysOf(token: TerminalToken): string {
  switch (token.type) {
    case 'text':
    case 'escaped':
    case 'ss3':
      return token.bytes;
    case 'escape':
      return '\u001b';
    case 'csi':
      return isKey(token) ? token.bytes : '';
    case 'report':
    case 'osc':
    case 'paste':
      return '';
  }
}

/** The final bytes of keys: cursor and function keys, editing keys (`~`, and `^`, `@` of rxvt), and the kitty protocol's `u`. */
const KEY_ENDS = /^[A-HPQSZa-e~^@u]$/;
/** The parameters `key:alternates;modifiers:event;text`, all of them optional. */
const KEY_PARAMETERS = /^\d*(?::\d*)*(?:;\d*(?::(\d))?(?:;[\d:]*)?)?$/;
/** The kitty protocol's event type for the release of a key. */
const RELEASE = '3';

/** Whether a control sequence is a key press or its repeat. Reports begin with `?`, `>` or `<`, or have another final byte. */
function isKey({
  parameters,
  intermediates,
  final,
  bytes,
}: Extract<TerminalToken, { type: 'csi' }>): boolean {
  if (/^\u001b\[\[[A-E5-6~]+$/.test(bytes)) return true; // the Linux console and PuTTY
  if (/^\u001b\[[2-8]\$$/.test(bytes)) return true; // rxvt with Shift
  if (intermediates !== '' || !KEY_ENDS.test(final)) return false;
  const keyed = KEY_PARAMETERS.exec(parameters);
  return keyed !== null && keyed[1] !== RELEASE;
}
