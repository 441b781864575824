import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeProblem, type Problem } from '../core/problem.ts';
import { errorCode } from '../core/file-error.ts';
import { fileProblem, outsideFailure } from '../policy-file/file-problem.ts';
import { TemporaryFile } from '../policy-file/writing/temporary-file.ts';
import { Failure } from '../core/failure.ts';

/**
 * A result that is written to a file piece by piece. A reader finds the old file until the commit and the whole new one after it. A file
 * that stands there keeps its mode; a symbolic link is followed to its file. A path that is no regular file is left alone.
 */
export class AtomicFile {
  readonly #target: string;
  readonly #file: TemporaryFile;

  private constructor(target: string, file: TemporaryFile) {
    [this.#target, this.#file] = [target, file];
  }

  /** Fails at once where the file could not be put in place in the end. */
  static async create(file: string): Promise<AtomicFile> {
    return told(file, async () => {
      const { target, mode } = await standing(resolve(file));
      const name = `.${basename(target).slice(0, 100)}.${randomUUID()}.temporary`;
      const temporary = await TemporaryFile.create(join(dirname(target), name), mode ?? 0o666);
      if (mode !== null) await temporary.handle.chmod(mode);
      return new AtomicFile(target, temporary);
    });
  }

  /** All of a result in one go. */
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

  /** Without a commit, nothing is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
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
