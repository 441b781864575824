import { realpath } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { outsideFailure } from '../file-problem.ts';
import { lockFile } from './lock.ts';
import { type Replacement, replaceFile, type Written } from './replace-file.ts';

/** The file that a path leads to, held for one writer. */
export interface HeldPolicy {
  /** The path with all links followed: what is read and replaced. */
  readonly target: string;
  readonly replace: (replacement: Replacement) => Promise<Written>;
}

/** Nothing was read or written. */
export interface Failed {
  readonly type: 'failed';
  readonly problem: Problem;
}

/** Runs `act` while no other egresstop writes this file. A symbolic link stays one: its target is held and replaced. */
export async function holdPolicy<T>(
  path: string,
  act: (held: HeldPolicy) => Promise<T>,
): Promise<T | Failed> {
  const target = await resolve(path);
  if (typeof target !== 'string') return { type: 'failed', problem: target };
  const lock = await lockFile(target);
  if (!('release' in lock)) return { type: 'failed', problem: lock };
  try {
    return await act({ target, replace: replacement => replaceFile(target, lock, replacement) });
  } finally {
    await lock.release();
  }
}

async function resolve(path: string): Promise<string | Problem> {
  try {
    return await realpath(path);
  } catch (error) {
    return outsideFailure(error, path);
  }
}

/** Writes a text that was made from the one with `expectedRevision`. On a conflict nothing is written. */
export const writePolicy = (path: string, replacement: Replacement): Promise<Written> =>
  holdPolicy(path, held => held.replace(replacement));
