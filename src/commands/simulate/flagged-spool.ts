import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Outcome } from '../../core/what-if/simulation.ts';
import { Failure } from '../../core/failure.ts';

/** The most that is held in memory before a file takes over, characters. */
const HELD = 1024 * 1024;

/**
 * Keeps any number of outcomes in order: the first ones in memory, the others in an unnamed temporary file, which ends with the
 * process. A report gives its counts before its outcomes, so these must be kept until the end.
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

  /** Must be awaited now and then: until then what came waits in memory. */
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

  /** All outcomes, in order; may be called again. Nothing may be added any more. */
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
