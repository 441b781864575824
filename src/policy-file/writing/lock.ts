import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { type Failed, fileProblem, outsideFailure } from '../file-problem.ts';
import { fileTarget } from '../read.ts';
import { basename, dirname, join } from 'node:path';

/** How long a writer waits for another one, in ms. A write takes a few. */
const LOCK_WAIT_MS = 10_000;
/** A lock of this age is broken even if its process is alive: the process hangs, or its number was reused. */
const LOCK_STALE_MS = 30_000;
/** A lock is created and then signed at once. After this time without a signature, its writer must have died in between. */
const UNSIGNED_STALE_MS = 2_000;
const RETRY_MS = 4;

/** An exclusive lock for writing one file, among processes that use it. */
interface Lock {
  /** Whether the lock still is ours: another process may have broken it. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
}

/**
 * The signatures of locks that this process holds. A lock with our process number and another signature belongs to a dead process with the
 * same number.
 */
const held = new Set<string>();

/** A file that is locked for one writer. */
export interface HeldFile {
  /** The path with all links resolved, which is read and replaced. */
  readonly target: string;
  readonly lock: Lock;
}

/** Runs `act` while no other egresstop writes or creates this file. For a symbolic link, its target is locked and replaced. */
export async function holdFile<T>(path: string, act: (held: HeldFile) => Promise<T>): Promise<T | Failed> {
  const target = await fileTarget(path).catch((error: unknown) => outsideFailure(error, path));
  if (typeof target !== 'string') return { type: 'failed', problem: target };
  const lock = await lockFile(target);
  if (!('release' in lock)) return { type: 'failed', problem: lock };
  try {
    return await act({ target, lock });
  } finally {
    await lock.release();
  }
}

/** Takes the lock beside `target`, within a limited time. Breaks the lock of a dead or hanging process. */
async function lockFile(target: string): Promise<Lock | Problem> {
  const path = besides(target, 'lock');
  const signature = `${process.pid} ${hostname()} ${randomUUID()}\n`;
  const deadline = performance.now() + LOCK_WAIT_MS;
  held.add(signature);
  try {
    while (!(await create(path, signature))) {
      if (performance.now() > deadline) return busy(target, path, signature);
      await breakStale(path);
      await pause(RETRY_MS * (1 + Math.random()));
    }
  } catch (error) {
    held.delete(signature);
    return outsideFailure(error, target);
  }
  return {
    isHeld: async () => (await signatureOf(path)) === signature,
    release: () => release(path, signature),
  };
}

async function create(path: string, signature: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(signature);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function busy(target: string, path: string, own: string): Promise<Problem> {
  held.delete(own);
  const holder = (await signatureOf(path))?.split(' ')[0] ?? 'unknown';
  return fileProblem(
    target,
    `another process (${holder}) is editing it`,
    `try again; if no such process runs, remove ${path}`,
  );
}

async function release(path: string, signature: string): Promise<void> {
  if ((await signatureOf(path)) === signature) await rm(path, { force: true });
  held.delete(signature);
}

async function signatureOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Breaks a stale lock by renaming it first and then removing it. If it renamed a fresh lock by mistake, it puts it back. */
async function breakStale(path: string): Promise<void> {
  const signature = await signatureOf(path);
  if (signature === null || !isStale(signature, await ageOf(path))) return;
  // the holder may have released the lock, and another process taken it, since it was read
  if ((await signatureOf(path)) !== signature) return;
  const grave = `${path}-${randomUUID()}`;
  try {
    await rename(path, grave);
    if ((await signatureOf(grave)) !== signature) await link(grave, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(grave, { force: true });
  }
}

function isStale(signature: string, ageMs: number): boolean {
  const [pid = '', host] = signature.trimEnd().split(' ');
  if (pid === '') return ageMs > UNSIGNED_STALE_MS;
  return ageMs > LOCK_STALE_MS || (host === hostname() && !isAlive(Number(pid), signature));
}

function isAlive(pid: number, signature: string): boolean {
  if (pid === process.pid) return held.has(signature);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Uses the system clock, as file times do. */
async function ageOf(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * The path of a hidden file beside `target`, such as `.policy.yaml.egresstop-lock`. Its name does not end like a policy's, so that programs
 * which read a folder of policies skip it.
 */
export const besides = (target: string, purpose: string): string =>
  join(dirname(target), `${prefixOf(target)}${purpose}`);

/** The common prefix of all our files beside `target`. */
export const prefixOf = (target: string): string => `.${basename(target)}.egresstop-`;
