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

/** A text on disk, or why it is not there. `conflict`: another program wrote meanwhile; the text is the present one. */
export type Written =
  | { readonly type: 'written'; readonly revision: string }
  | { readonly type: 'conflict'; readonly text: string; readonly revision: string }
  | { readonly type: 'failed'; readonly problem: Problem };

/** The new file, and the one that it replaces. */
export interface Replacement {
  /** Null: the file is removed. */
  readonly text: string | null;
  /** Of the text that the edit was made on; `NO_FILE` where the file is to be made. */
  readonly expectedRevision: string;
  /** Runs when all but the rename is done; a problem calls the write off. */
  readonly beforeRename?: () => Promise<Problem | null>;
}

/**
 * Replaces the file's text in one step: a reader, or a power cut, finds the old text or the new one. Mode and, where permitted, owner
 * stay; a file that is made is its owner's alone to read. Access control lists, extended attributes and hard links are not carried over.
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

/** Removes temporary files and broken locks that a killed writer left. We hold the lock: none of them is in use. */
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

/** Only root may give a file away; others keep at least the group where they belong to it. */
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

/** A mark that changes whenever a file is written, replaced or touched; of no file it is empty. */
function identityOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) return '';
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * Renames (or, without a new text, removes) only while the target is the file that was compared. It is synchronous on purpose: a program that ignores the lock can then
 * slip only between two system calls. Between two turns of the event loop, a busy machine lost one edit in a hundred.
 */
function renameOver(target: string, temporary: string | null, seen: string): boolean {
  if (identityOf(target) !== seen) return false;
  if (temporary === null) rmSync(target);
  else renameSync(temporary, target);
  return true;
}

/** Makes the rename outlast a power cut. Some file systems cannot; the text is in place all the same, so that is no failure. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}
