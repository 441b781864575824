import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeProblem } from '../core/problem.ts';
import { codeOf, fileProblem, outsideFailure } from '../policy-file/file-problem.ts';
import { Failure } from './failure.ts';

/**
 * Writes a result to a file in one step: whoever reads it finds the old one or the new one, whole. A file that stands there is
 * overwritten and keeps its mode; a symlink is followed to its file. What is no regular file is left alone.
 */
export async function writeResult(file: string, text: string): Promise<void> {
  try {
    const { target, mode } = await standing(resolve(file));
    const draft = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.draft`);
    try {
      await writeDraft(draft, text, mode);
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(describeProblem(outsideFailure(error, file)));
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
      throw new Failure(
        describeProblem(
          fileProblem(path, 'is no regular file, and is not written over', 'name a file, or - for stdout'),
        ),
      );
    return { target, mode: found.mode & 0o777 };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return { target: path, mode: null };
  }
}

async function writeDraft(path: string, text: string, mode: number | null): Promise<void> {
  const handle = await open(path, 'wx', mode ?? 0o666);
  try {
    if (mode !== null) await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
