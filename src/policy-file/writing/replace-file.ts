import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { access, constants, type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { fileProblem, outsideFailure } from '../file-problem.ts';
import { besides, type HeldFile, prefixOf } from './lock.ts';
import { TemporaryFile } from './temporary-file.ts';
import { NO_FILE, readText, revision } from '../read.ts';

/** The written text, or why it was not written. `conflict`: another program wrote meanwhile; the text is its text. */
export type Written =
  | { readonly type: 'written'; readonly revision: string }
  | { readonly type: 'conflict'; readonly text: string; readonly revision: string }
  | { readonly type: 'failed'; readonly problem: Problem };

/** The replacement of a file. */
export interface Replacement {
  /** Null: the file is removed. */
  readonly text: string | null;
  /** The revision that the edit was made on; `NO_FILE` to create the file. */
  readonly expectedRevision: string;
  /** Runs just before the rename. If it returns a problem, nothing is written. */
  readonly beforeRename?: () => Promise<Problem | null>;
}

/**
 * Replaces the file's text atomically: a reader, or a power cut, finds the old text or the new one. It keeps the mode and, where permitted,
 * the owner. A new file is readable by its owner only. Access control lists, extended attributes and hard links are lost.
 */
export async function replaceFile(held: HeldFile, replacement: Replacement): Promise<Written> {
  const { target } = held;
  try {
    await sweep(target);
    const original = replacement.expectedRevision === NO_FILE ? null : await stat(target);
    await access(original ? target : dirname(target), constants.W_OK);
    if (replacement.text === null) return await putInPlace(held, null, replacement);
    await using file = await TemporaryFile.create(
      besides(target, `${process.pid}-${randomUUID()}.temporary`),
      0o600,
    );
    await file.handle.writeFile(replacement.text);
    if (original) {
      await keepOwner(file.handle, original);
      await file.handle.chmod(original.mode & 0o7777);
    }
    await file.finish();
    return await putInPlace(held, file.path, replacement);
  } catch (error) {
    return { type: 'failed', problem: outsideFailure(error, target) };
  }
}

/** Removes temporary files and broken locks that killed writers left. No one uses them, because we hold the lock. */
async function sweep(target: string): Promise<void> {
  const folder = dirname(target);
  const [prefix, lock] = [prefixOf(target), `${prefixOf(target)}lock`];
  const left = (await readdir(folder)).filter(name => name.startsWith(prefix) && name !== lock);
  await Promise.all(left.map(name => rm(join(folder, name), { force: true })));
}

async function compare(target: string, { expectedRevision }: Replacement): Promise<Written | null> {
  const now = await readText(target);
  if (now.type === 'missing' && expectedRevision === NO_FILE) return null;
  if (now.type !== 'text') return { type: 'failed', problem: now.problem };
  return now.revision === expectedRevision
    ? null
    : { type: 'conflict', text: now.text, revision: now.revision };
}

/** Keeps owner and group. Only root may change the owner; others keep the group if they belong to it. */
async function keepOwner(file: FileHandle, { uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  for (const [user, group] of [
    [uid, gid],
    [own.uid, gid],
  ] as const) {
    try {
      if (own.uid !== user || own.gid !== group) await file.chown(user, group);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EPERM') throw error;
    }
  }
}

async function putInPlace(
  { target, lock }: HeldFile,
  temporary: string | null,
  replacement: Replacement,
): Promise<Written> {
  const late = await compare(target, replacement);
  if (late) return late;
  if (!(await lock.isHeld()))
    return { type: 'failed', problem: fileProblem(target, 'the lock was lost while writing', 'try again') };
  const problem = (await replacement.beforeRename?.()) ?? null;
  if (problem) return { type: 'failed', problem };
  let isInPlace = false;
  while (!isInPlace) {
    const seen = identityOf(target);
    const latest = await compare(target, replacement);
    if (latest) return latest;
    isInPlace = renameOver(target, temporary, seen);
  }
  await syncFolder(dirname(target));
  return { type: 'written', revision: replacement.text === null ? NO_FILE : revision(replacement.text) };
}

/** A key that changes whenever a file is written, replaced or touched; empty without a file. */
function identityOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) return '';
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * Renames (or, without a new text, removes) only if the target is still the file that was compared. It is synchronous on purpose: a program
 * that ignores the lock can then only come between two system calls. With an asynchronous rename, a busy machine lost one edit in a
 * hundred.
 */
function renameOver(target: string, temporary: string | null, seen: string): boolean {
  if (identityOf(target) !== seen) return false;
  if (temporary === null) rmSync(target);
  else renameSync(temporary, target);
  return true;
}

/**
 * Syncs the folder, so that the rename survives a power cut. Some file systems cannot do this, which is no failure: the text is in place.
 */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}
