import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';

/** A wheel turn or a click, by screen row and column (0-based); or F1, which Ink knows but does not tell of. */
export type MouseEvent =
  | { readonly type: 'f1' }
  | { readonly type: 'wheel'; readonly direction: 1 | -1 }
  | { readonly type: 'click'; readonly row: number; readonly column: number };

/** SGR mouse reports (xterm ctlseqs, "SGR (1006)"): button; column; row; M press, m release. */
const REPORT = /\u001b\[<(\d+);(\d+);(\d+)([Mm])/;
/** F1 as xterm, the Linux console and rxvt send it. */
const F1 = /\u001b(?:OP|\[\[A|\[11~)/;
const TAKEN = new RegExp(`${REPORT.source}|${F1.source}`, 'g');
/** The start of either that a read may have cut. */
const CUT_REPORT = /\u001b(?:O|\[(?:<[\d;]*|\[|11?)?)?$/;
/** How long a cut report may wait for its rest before it is taken for a key, ms. */
const REST_WITHIN_MS = 25;

/**
 * Stands between the terminal and Ink. It takes mouse reports and F1 out of the input, and hands on the rest as whole
 * characters. A second listener beside Ink would steal its input.
 */
export class MouseInput extends PassThrough {
  readonly #terminal: ReadStream;
  readonly #onMouse: (event: MouseEvent) => void;
  readonly #decoder = new StringDecoder('utf8');
  #held = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(terminal: ReadStream, onMouse: (event: MouseEvent) => void) {
    super();
    this.#terminal = terminal;
    this.#onMouse = onMouse;
    terminal.on('data', this.#take);
    terminal.once('end', () => {
      this.#release();
      this.end();
    });
    terminal.pause();
  }

  readonly #take = (chunk: Buffer | string): void => {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const text = this.#held + (typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    this.#held = CUT_REPORT.exec(text)?.[0] ?? '';
    this.#forward(text.slice(0, text.length - this.#held.length));
    if (this.#held !== '') this.#timer = setTimeout(this.#release, REST_WITHIN_MS);
  };

  readonly #release = (): void => {
    if (this.#timer) clearTimeout(this.#timer);
    const held = this.#held;
    this.#held = '';
    this.#timer = null;
    if (held !== '') this.write(held);
  };

  #forward(text: string): void {
    const rest = text.replace(TAKEN, (_, button?: string, column?: string, row?: string, end?: string) => {
      const event =
        button === undefined
          ? { type: 'f1' as const }
          : eventOf(Number(button), Number(row) - 1, Number(column) - 1, end === 'M');
      if (event) this.#onMouse(event);
      return '';
    });
    if (rest !== '') this.write(rest);
  }

  // What Ink asks of a terminal.
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

  /** Paused as well: a child that shares the terminal would lose keys to us. */
  unref(): this {
    this.#terminal.pause();
    this.#terminal.unref();
    return this;
  }
}

function eventOf(button: number, row: number, column: number, isPress: boolean): MouseEvent | null {
  if (button === 64 || button === 65) return { type: 'wheel', direction: button === 65 ? 1 : -1 };
  return button === 0 && isPress ? { type: 'click', row, column } : null;
}
