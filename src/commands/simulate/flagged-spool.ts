import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Outcome } from '../../core/what-if/simulation.ts';
import { Failure } from '../../core/failure.ts';

/** The most characters that are kept in memory before a file is used. */
const HELD = 1024 * 1024;

/**
 * Keeps any number of outcomes in order: the first in memory, the rest in an unlinked temporary file. A report prints its counts before its
 * outcomes, so they must be kept until the end.
 */
export class FlaggedSpool {
  readonly #held: string[] = [];
  #size = 0;
  #pending = '';
  #file: FileHandle | null = null;

  add(outcome: Outcome): void {
    const line = JSON.stringify(outcome);
    this.#size += line.length;
    if (this.#size <= HELD) this.#held.push(line);
    else this.#pending += `${line}\n`;
  }

  /** Writes collected outcomes to the file. Call it from time to time: until then they are in memory. */
  async flush(): Promise<void> {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    try {
      this.#file ??= await unnamedFile();
      await this.#file.appendFile(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Failure(
        `cannot keep the flagged events in ${tmpdir()}: ${why} (set TMPDIR to a place with room)`,
      );
    }
  }

  /** All outcomes in order. May be called several times, but nothing may be added afterwards. */
  async *outcomes(): AsyncGenerator<Outcome> {
    for (const line of this.#held) yield JSON.parse(line) as Outcome; // written above
    if (!this.#file) return;
    const input = this.#file.createReadStream({ start: 0, autoClose: false, highWaterMark: HELD });
    for await (const line of createInterface({ input })) yield JSON.parse(line) as Outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}

async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `egresstop-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}
