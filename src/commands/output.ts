import { once } from 'node:events';
import type { FailureCode } from '../core/failure.ts';
import { describeProblem, type Problem } from '../core/problem.ts';
import { visible } from '../core/visible.ts';
import { watchReader } from './reader-watch.ts';

/**
 * Standard output with back-pressure. When the reader closes it (`| head`), `signal` aborts and writing does nothing. A pipe is also
 * checked for that while nothing is written.
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

  /** Aborts when the reader has closed the output. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** Adds a line, as `add` does. */
  async line(text: string): Promise<void> {
    await this.add(`${text}\n`);
  }

  /** Buffers text. It is written by `flush`, or when the buffer is full. */
  async add(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length > 64 * 1024) await this.flush();
  }

  /** Writes the buffer and waits for the reader. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.signal.aborted) return;
    wasWritten = true;
    if (!this.#stream.write(text))
      await once(this.#stream, 'drain', { signal: this.signal }).catch(() => null); // closed: the signal aborts
  }

  /** Writes a complete text. */
  async text(text: string): Promise<void> {
    this.#pending += text;
    await this.flush();
  }
}

/** Prints a line on stderr, safe for a terminal. `code` is the failure that it reports, if any. */
export const note = (text: string, code?: FailureCode): void => say(`egresstop: ${text}`, code);

/** Prints a problem as a line on stderr. */
export const noteProblem = (problem: Problem): void => note(describeProblem(problem));

/** Prints a line without the program's name, where this program stands in for another. */
export function say(text: string, code: FailureCode = 'failed'): void {
  if (held === null) process.stderr.write(`${visible(text)}\n`);
  else {
    held.texts.push(text);
    if (held.code === 'failed') held.code = code;
  }
}

/** The held notes, and the first code among them other than `failed`. */
interface HeldNotes {
  readonly texts: string[];
  code: FailureCode;
}

let held: HeldNotes | null = null;
let wasWritten = false;

/** Holds all further notes for `takeNotes`, because a command with JSON output may end in a failure that includes them. */
export function holdNotes(): void {
  held = { texts: [], code: 'failed' };
}

/** Returns the held notes. Later notes are printed at once. */
export function takeNotes(): { readonly texts: readonly string[]; readonly code: FailureCode } {
  const taken = held ?? { texts: [], code: 'failed' as const };
  held = null;
  return taken;
}

/** Whether an Output has written anything since the start. */
export const hasWritten = (): boolean => wasWritten;

/**
 * Handles errors of the standard streams. A closed reader (`| head`) is no failure. Any other error of standard output is reported once on
 * stderr.
 */
export function hearStreamFailures(): void {
  wasWritten = false;
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') note(`standard output: ${error.message}`);
  });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // reported above, or no reader is left
}
