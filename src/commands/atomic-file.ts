import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeProblem, type Problem } from '../core/problem.ts';
import { errorCode } from '../core/file-error.ts';
import { fileProblem, outsideFailure } from '../policy-file/file-problem.ts';
import { Failure } from '../core/failure.ts';

/**
 * A result that goes to a file piece by piece: whoever reads it finds the old one or, once it was committed, the new one, whole. A file
 * that stands there keeps its mode; a symlink is followed to its file. What is no regular file is left alone.
 */
export class AtomicFile {
  readonly #target: string;
  readonly #draft: string;
  readonly #file: FileHandle;
  #isOver = false;

  private constructor(target: string, draft: string, file: FileHandle) {
    [this.#target, this.#draft, this.#file] = [target, draft, file];
  }

  /** Fails at once where the file could not be put in place in the end. */
  static async create(file: string): Promise<AtomicFile> {
    return told(file, async () => {
      const { target, mode } = await standing(resolve(file));
      const draft = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.draft`);
      const handle = await open(draft, 'wx', mode ?? 0o666);
      if (mode !== null) await handle.chmod(mode);
      return new AtomicFile(target, draft, handle);
    });
  }

  /** All of a result in one go. */
  static async writeWhole(path: string, text: string): Promise<void> {
    await using file = await AtomicFile.create(path);
    await file.write(text);
    await file.commit();
  }

  async write(text: string): Promise<void> {
    await told(this.#target, () => this.#file.appendFile(text));
  }

  /** Puts the file in place. */
  async commit(): Promise<void> {
    await told(this.#target, async () => {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#draft, this.#target);
      this.#isOver = true;
    });
  }

  /** Without a commit, nothing is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    await this.#file.close().catch(() => undefined); // closed already, where the commit failed half-way
    await rm(this.#draft, { force: true });
  }
}

interface Standing {
  readonly target: string;
  /** Permission bits; null for a file that is not there yet. */
  readonly mode: number | null;
}

async function standing(path: string): Promise<Standing> {
  try {
    const target = await realpath(path);
    const found = await stat(target);
    if (!found.isFile())
      throw failure(
        fileProblem(path, 'is no regular file, and is not written over', 'name a file, or - for stdout'),
      );
    return { target, mode: found.mode & 0o777 };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return { target: path, mode: null };
  }
}

/** A failure of the outside world comes as the command's own, with path and remedy. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    // the file itself need not be there: only its folder can be what is missing
    if (errorCode(error) === 'ENOENT')
      throw failure(fileProblem(file, 'its folder does not exist', 'create the folder first'));
    throw failure(outsideFailure(error, file));
  }
}

const failure = (problem: Problem): Failure => new Failure(describeProblem(problem));
