import type { SourceStatus } from '../core/source-status.ts';
import type { SourceListener } from './source.ts';

/** Progress is told at most this often. */
const PROGRESS_MS = 50;

/** Tells a listener how one source is doing: changes at once, progress now and then, nothing twice. */
export class StatusReport {
  readonly #listener: SourceListener;
  #status: SourceStatus;
  #toldAt = -Infinity;
  #isSettled = false;

  constructor(source: string, listener: SourceListener, kind: Pick<SourceStatus, 'isPlace'> = {}) {
    this.#listener = listener;
    this.#status = { source, state: 'waiting', why: null, readBytes: 0, totalBytes: 0, ...kind };
  }

  /** The source begins to read the lines that are there at the start. */
  expect(totalBytes: number): void {
    if (!this.#isSettled) this.#tell({ ...this.#status, state: 'reading', totalBytes });
  }

  /** Some of the expected bytes were read; those that come later count for nothing. */
  progress(bytes: number): void {
    if (this.#isSettled) return;
    const { readBytes, totalBytes } = this.#status;
    this.#status = { ...this.#status, readBytes: Math.min(totalBytes, readBytes + bytes) };
    if (performance.now() - this.#toldAt >= PROGRESS_MS) this.#tell(this.#status);
  }

  /** Some of the expected bytes that were left for later were read; or, `areLost`, never will be. */
  older(bytes: number, areLost = false): void {
    const { readBytes, totalBytes } = this.#status;
    this.#status = areLost
      ? { ...this.#status, totalBytes: totalBytes - bytes }
      : { ...this.#status, readBytes: readBytes + bytes };
    if (performance.now() - this.#toldAt >= PROGRESS_MS) this.#tell(this.#status);
  }

  /** The lines of the start are through, or cannot be read; this is how things stand now. */
  settle(state: SourceStatus['state'], why: string | null = null): void {
    const isNews = !this.#isSettled || state !== this.#status.state || why !== this.#status.why;
    this.#isSettled = true;
    if (isNews) this.#tell({ ...this.#status, state, why });
  }

  #tell(status: SourceStatus): void {
    this.#status = status;
    this.#toldAt = performance.now();
    this.#listener.status(status);
  }
}
