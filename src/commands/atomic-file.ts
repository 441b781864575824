import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from './failure.ts';

/** Whoever looks finds the old file or, once it was committed, the whole new one. A device or a pipe, as `/dev/stderr`, is written to as it is. */
export class AtomicFile {
  readonly #path: string;
  readonly #draft: string | null;
  readonly #file: FileHandle;
  #isOver = false;

  private constructor(path: string, draft: string | null, file: FileHandle) {
    [this.#path, this.#draft, this.#file] = [path, draft, file];
  }

  /** Fails at once where the file could not be put in place in the end. Follows a link, and keeps the mode of what stands there. */
  static async create(name: string): Promise<AtomicFile> {
    try {
      const found = await stat(name).catch(() => null);
      if (found && !found.isFile()) return new AtomicFile(name, null, await open(name, 'w'));
      const path = found ? await realpath(name) : name;
      const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.draft`);
      const file = await open(draft, 'wx', found ? found.mode & 0o777 : 0o666);
      return new AtomicFile(path, draft, file);
    } catch (error) {
      throw failed(error, name);
    }
  }

  async write(text: string): Promise<void> {
    await this.#try(() => this.#file.appendFile(text));
  }

  /** Puts the file in place. */
  async commit(): Promise<void> {
    await this.#try(async () => {
      if (this.#draft !== null) await this.#file.sync();
      await this.#file.close();
      if (this.#draft !== null) await rename(this.#draft, this.#path);
      this.#isOver = true;
    });
  }

  /** Without a commit, nothing is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    await this.#file.close().catch(() => undefined); // closed already, where the commit failed half-way
    if (this.#draft !== null) await rm(this.#draft, { force: true });
  }

  async #try(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw failed(error, this.#path);
    }
  }
}

/** Node says what it could not do with which file; anything without a code is our bug. */
function failed(error: unknown, path: string): Failure {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return new Failure(`cannot write ${path}: ${error.message}`);
}
