const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const ENTER_ALTERNATE = '\u001b[?1049h';
/** Ink erases its frame line by line, from the bottom to the top. */
const ERASED_LINE = '\u001b[2K';

/** `write` of a stream, with any arguments. */
type Pass = (...given: readonly unknown[]) => boolean;

/**
 * The terminal as Ink writes to it. Between `begin` and `end` all writes are collected into one synchronised update, so that Ink's rows and
 * the painted rows of one view appear together.
 */
export class FrameOutput {
  readonly #pass: Pass;
  readonly #onErased: () => void;
  #gathered: string[] | null = null;
  /**
   * Whether the alternate screen was entered before Ink was loaded. Ink's own sequence for it is then dropped: entering twice would lose
   * the cursor's place.
   */
  #isEntered: boolean;
  /** The stream that Ink gets instead of the terminal. */
  readonly stream: NodeJS.WriteStream;

  /**
   * `onErased` is called when Ink erased its whole frame, which also erases painted rows. `isEntered`: the alternate screen is already
   * shown.
   */
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

  /** Writes the collected bytes and then `bytes` at once. */
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
