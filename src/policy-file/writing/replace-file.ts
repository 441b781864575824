import { randomUUID } from 'node:crypto';
import { renameSync, type Stats, statSync } from 'node:fs';
import { access, constants, type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { errorCode } from '../../core/file-error.ts';
import { fileProblem, outsideFailure } from '../file-problem.ts';
import type { Lock } from './lock.ts';
import { besides, prefixOf } from './neighbour.ts';
import { readText } from '../read-text.ts';
import { revision } from '../revision.ts';

/** A text on disk, or why it is not there. `conflict`: somebody else wrote meanwhile, and this is what stands there now. */
export type Written =
  | { readonly type: 'written'; readonly revision: string }
  | { readonly type: 'conflict'; readonly text: string; readonly revision: string }
  | { readonly type: 'failed'; readonly problem: Problem };

/** What is to replace what. */
export interface Replacement {
  readonly text: string;
  /** Of the text that the edit was made on. */
  readonly expectedRevision: string;
  /** Runs when all but the rename is done; a problem calls the write off. */
  readonly beforeRename?: () => Promise<Problem | null>;
}

/**
 * Replaces the file's text in one step: whoever reads it, and whoever pulls the plug, finds the old text or the new one. Mode and,
 * where permitted, owner stay. Access control lists, extended attributes and hard links are not carried over.
 */
export async function replaceFile(target: string, lock: Lock, replacement: Replacement): Promise<Written> {
  const draft = besides(target, `${process.pid}-${randomUUID()}.draft`);
  try {
    await sweep(target);
    await access(target, constants.W_OK);
    await writeDraft(draft, replacement.text, await stat(target));
    return await putInPlace(target, draft, lock, replacement);
  } catch (error) {
    return { type: 'failed', problem: outsideFailure(error, target) };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes drafts and broken locks that a killed writer left. We hold the lock: none of them is in use. */
async function sweep(target: string): Promise<void> {
  const folder = dirname(target);
  const [prefix, lock] = [prefixOf(target), `${prefixOf(target)}lock`];
  const left = (await readdir(folder)).filter(name => name.startsWith(prefix) && name !== lock);
  await Promise.all(left.map(name => rm(join(folder, name), { force: true })));
}

async function compare(target: string, { expectedRevision }: Replacement): Promise<Written | null> {
  const now = await readText(target);
  if (now.type !== 'text') return { type: 'failed', problem: now.problem };
  return now.revision === expectedRevision
    ? null
    : { type: 'conflict', text: now.text, revision: now.revision };
}

async function writeDraft(path: string, text: string, original: Stats): Promise<void> {
  await using draft = await open(path, 'wx', 0o600);
  await draft.writeFile(text);
  await keepOwner(draft, original);
  await draft.chmod(original.mode & 0o7777);
  await draft.sync();
}

/** Only root may give a file away; others keep at least the group where they belong to it. */
async function keepOwner(draft: FileHandle, { uid, gid }: Stats): Promise<void> {
  const own = await draft.stat();
  for (const [user, group] of [
    [uid, gid],
    [own.uid, gid],
  ] as const) {
    try {
      if (own.uid !== user || own.gid !== group) await draft.chown(user, group);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EPERM') throw error;
    }
  }
}

async function putInPlace(
  target: string,
  draft: string,
  lock: Lock,
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
    isInPlace = renameOver(target, draft, seen);
  }
  await syncFolder(dirname(target));
  return { type: 'written', revision: revision(replacement.text) };
}

/** What changes whenever a file is written, replaced or touched. */
function identityOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * Renames only while the target is the file that was compared. Synchronous on purpose: a program that does not ask for the lock has
 * two system calls to slip between, microseconds apart. Between two turns of the event loop a busy machine lost one edit in a hundred.
 */
function renameOver(target: string, draft: string, seen: string): boolean {
  if (identityOf(target) !== seen) return false;
  renameSync(draft, target);
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
