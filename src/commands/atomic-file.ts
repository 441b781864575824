import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeProblem, type Problem } from '../core/problem.ts';
import { errorCode } from '../core/file-error.ts';
import { fileProblem, outsideFailure } from '../policy-file/file-problem.ts';
import { TemporaryFile } from '../policy-file/writing/temporary-file.ts';
import { Failure } from '../core/failure.ts';

/**
 * A file that is written in pieces and appears at once. Readers find the old file until the commit, then the complete new one. An existing
 * file keeps its mode, and a symbolic link is followed. A path that is no regular file is refused.
 */
export class AtomicFile {
  readonly #target: string;
  readonly #file: TemporaryFile;

  private constructor(target: string, file: TemporaryFile) {
    [this.#target, this.#file] = [target, file];
  }

  /** Creates the temporary file. Throws a Failure if the file could not be put in place later. */
  static async create(file: string): Promise<AtomicFile> {
    return told(file, async () => {
      const { target, mode } = await standing(resolve(file));
      const name = `.${basename(target).slice(0, 100)}.${randomUUID()}.temporary`;
      const temporary = await TemporaryFile.create(join(dirname(target), name), mode ?? 0o666);
      if (mode !== null) await temporary.handle.chmod(mode);
      return new AtomicFile(target, temporary);
    });
  }

  /** Writes a complete text. */
  static async writeWhole(path: string, text: string): Promise<void> {
    await using file = await AtomicFile.create(path);
    await file.write(text);
    await file.commit();
  }

  async write(text: string): Promise<void> {
    await told(this.#target, () => this.#file.handle.appendFile(text));
  }

  /** Puts the file in place. */
  async commit(): Promise<void> {
    await told(this.#target, async () => {
      await this.#file.finish();
      await this.#file.renameTo(this.#target);
    });
  }

  /** Removes the temporary file if there was no commit. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

interface Standing {
  readonly target: string;
  /** Permission bits; null for a new file. */
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

/** Turns a failed system call into a Failure with path and remedy. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    // ENOENT can only mean that the folder is missing
    if (errorCode(error) === 'ENOENT')
      throw failure(fileProblem(file, 'its folder does not exist', 'create the folder first'));
    throw failure(outsideFailure(error, file));
  }
}

const failure = (problem: Problem): Failure => new Failure(describeProblem(problem));
