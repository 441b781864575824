import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { type Failed, fileProblem, outsideFailure } from '../file-problem.ts';
import { fileTarget } from '../read.ts';
import { basename, dirname, join } from 'node:path';

/** How long a writer waits for another one; a write takes milliseconds. */
const LOCK_WAIT_MS = 10_000;
/** A lock this old is broken even if its process lives: it hangs, or its number was given to another. */
const LOCK_STALE_MS = 30_000;
/** A lock is named and signed in one breath; one that stays unsigned has lost its writer in between. */
const UNSIGNED_STALE_MS = 2_000;
const RETRY_MS = 4;

/** The right to write one file, among processes that ask for it. */
interface Lock {
  /** Whether nobody has broken it meanwhile. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
}

/** The locks that this process holds now: a lock signed with our own process number but not among these is a dead predecessor's. */
const held = new Set<string>();

/** The file that a path leads to, held for one writer. */
export interface HeldFile {
  /** The path with all links followed: what is read and replaced. */
  readonly target: string;
  readonly lock: Lock;
}

/** Runs `act` while no other egresstop writes this file, or makes it. A symbolic link stays one: its target is held and replaced. */
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

/** Takes the lock beside `target`, waiting a bounded time. It breaks the lock of a dead or hanging holder. */
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

/** Moves a stale lock aside before removing it. Where another writer was quicker and the lock moved is a fresh one, it is put back. */
async function breakStale(path: string): Promise<void> {
  const signature = await signatureOf(path);
  if (signature === null || !isStale(signature, await ageOf(path))) return;
  // between the two looks its holder may have let it go, and the next one taken it: that lock is not stale
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

/** Measured against the machine's clock, as the file's times are. */
async function ageOf(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * A hidden file of ours beside `target`, as `.policy.yaml.egresstop-lock`. Its name never ends like a policy's, so that nobody who
 * reads a folder of policies takes it for one.
 */
export const besides = (target: string, purpose: string): string =>
  join(dirname(target), `${prefixOf(target)}${purpose}`);

/** The first letters of the names of all our files beside `target`. */
export const prefixOf = (target: string): string => `.${basename(target)}.egresstop-`;
