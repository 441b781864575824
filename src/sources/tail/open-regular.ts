import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { errorCode, isForeignName } from '../../core/file-error.ts';
import { trouble, troubleOf } from '../trouble.ts';

/** A regular file, open for reading, and which one it is. */
export interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** `dev:ino`: one physical file as long as it is held open. */
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** The kind of file at a path: the `dev:ino` of a regular file, a problem, or null for nothing. */
export async function keyAt(path: string): Promise<string | Problem | null> {
  try {
    const found = await stat(path, { bigint: true });
    return notRegular(path, found) ?? keyOf(found);
  } catch (error) {
    return isMissing(error, path) ? null : troubleOf(error, path);
  }
}

/** Opens a regular file; anything else is a problem, nothing there is null. Never waits, as opening a FIFO would. */
export async function openRegular(path: string): Promise<OpenFile | Problem | null> {
  const standing = await keyAt(path);
  if (typeof standing !== 'string') return standing;
  try {
    // Between the look and the opening a FIFO may have taken the place: never block on it.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat({ bigint: true });
    const problem = notRegular(path, found);
    if (problem) await handle.close();
    const [size, modifiedMs] = [Number(found.size), Number(found.mtimeMs)];
    return problem ?? { path, handle, key: keyOf(found), size, modifiedMs };
  } catch (error) {
    return isMissing(error, path) ? null : troubleOf(error, path);
  }
}

/** Whether nothing is there, so that something may still come: under a name that is not UTF-8 nothing ever will. */
function isMissing(error: unknown, path: string): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '') && !isForeignName(path);
}

function keyOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function notRegular(path: string, found: BigIntStats): Problem | null {
  if (found.isFile()) return null;
  if (found.isDirectory())
    return trouble(path, 'is a directory where a file was expected', 'name a file in it');
  if (found.isFIFO()) return trouble(path, 'is a FIFO', `read it as standard input: \`- < ${path}\``);
  if (found.isSocket()) return trouble(path, 'is a socket', `name it as unix:${path}`);
  return trouble(path, 'is no regular file', 'name a file');
}
