import { once } from 'node:events';
import type { FailureCode } from '../core/failure.ts';
import { describeProblem, type Problem } from '../core/problem.ts';
import { visible } from '../core/visible.ts';
import { watchReader } from './reader-watch.ts';

/**
 * Standard output with back-pressure. When the reader goes away (`| head`), `signal` aborts and writing does nothing more. A pipe is watched
 * for that while nothing is written.
 */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  readonly #closed = new AbortController();
  #pending = '';

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    stream.on('error', () => this.#closed.abort());
    stream.on('close', () => this.#closed.abort());
    if (!stream.isTTY && 'fd' in stream && typeof stream.fd === 'number') this.#watch(stream.fd);
  }

  #watch(fd: number): void {
    const stop = watchReader(fd, () => this.#closed.abort());
    this.signal.addEventListener('abort', stop, { once: true });
  }

  /** Aborts when nobody reads any more. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** Takes up a line, as `add` does. */
  async line(text: string): Promise<void> {
    await this.add(`${text}\n`);
  }

  /** Takes up text; it goes out with `flush`, or when much has gathered. */
  async add(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length > 64 * 1024) await this.flush();
  }

  /** Writes what has gathered and waits until the reader keeps up. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.signal.aborted) return;
    wasWritten = true;
    if (!this.#stream.write(text))
      await once(this.#stream, 'drain', { signal: this.signal }).catch(() => null); // it was closed: the signal tells
  }

  /** Writes a whole result. */
  async text(text: string): Promise<void> {
    this.#pending += text;
    await this.flush();
  }
}

/** One line on stderr, safe for a terminal. `code` says which failure it tells of, where it tells of one. */
export const note = (text: string, code?: FailureCode): void => say(`egresstop: ${text}`, code);

/** A problem as one line on stderr. */
export const noteProblem = (problem: Problem): void => note(describeProblem(problem));

/** The same in the words of another program that it stands in for. */
export function say(text: string, code: FailureCode = 'failed'): void {
  if (held === null) process.stderr.write(`${visible(text)}\n`);
  else {
    held.texts.push(text);
    if (held.code === 'failed') held.code = code;
  }
}

/** Notes that wait, and the first code among them that is not `failed`. */
interface HeldNotes {
  readonly texts: string[];
  code: FailureCode;
}

let held: HeldNotes | null = null;
let wasWritten = false;

/** From now on notes wait for `takeNotes`: a command that answers in JSON may end in a failure that holds them. */
export function holdNotes(): void {
  held = { texts: [], code: 'failed' };
}

/** The notes that waited. Later notes are written at once. */
export function takeNotes(): { readonly texts: readonly string[]; readonly code: FailureCode } {
  const taken = held ?? { texts: [], code: 'failed' as const };
  held = null;
  return taken;
}

/** Whether an Output has written anything since the command line began. */
export const hasWritten = (): boolean => wasWritten;

/**
 * Lets the standard streams fail without an exception. A reader that is gone (`| head`) is no failure; any other failure of standard
 * output is told once on stderr.
 */
export function hearStreamFailures(): void {
  wasWritten = false;
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') note(`standard output: ${error.message}`);
  });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // told above, or nobody reads
}
