const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const ENTER_ALTERNATE = '\u001b[?1049h';
/** How Ink erases its whole frame: whole lines from the bottom to the top. */
const ERASED_LINE = '\u001b[2K';

/** `write` of a stream, with whatever arguments it has. */
type Pass = (...given: readonly unknown[]) => boolean;

/**
 * The terminal as Ink writes to it. Between `begin` and `end` all writes are gathered into one synchronised update, so that
 * Ink's rows and the painted rows of one view appear together.
 */
export class FrameOutput {
  readonly #pass: Pass;
  readonly #onErased: () => void;
  #gathered: string[] | null = null;
  /** Ink is still to enter the alternate screen, which was entered before it was loaded. Twice would lose the place of the cursor. */
  #isEntered: boolean;
  /** The stream that Ink is given in place of the terminal. */
  readonly stream: NodeJS.WriteStream;

  /** `onErased` is called when Ink has erased its whole frame, and with it rows that are not its own. `isEntered`: the alternate screen is shown already. */
  constructor(stdout: NodeJS.WriteStream, onErased: () => void, isEntered = false) {
    this.#pass = stdout.write.bind(stdout) as Pass;
    this.#onErased = onErased;
    this.#isEntered = isEntered;
    const write = this.#write.bind(this);
    this.stream = new Proxy(stdout, {
      get: (target, key) => {
        if (key === 'write') return write;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  begin(): void {
    this.#gathered ??= [];
  }

  /** Writes what was gathered, followed by `bytes`, at once. */
  end(bytes: string): void {
    const all = [...(this.#gathered ?? []), bytes].join('');
    this.#gathered = null;
    if (all !== '') this.#pass(`${BEGIN}${all}${END}`);
  }

  #write(chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    if (this.#isEntered && text === ENTER_ALTERNATE) {
      this.#isEntered = false;
      return true;
    }
    const isMark = text === BEGIN || text === END;
    if (this.#gathered && rest.length === 0) {
      if (!isMark) this.#gathered.push(text);
    } else this.#pass(chunk, ...rest);
    if (text.includes(ERASED_LINE)) this.#onErased();
    return true;
  }
}
