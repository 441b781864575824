import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../core/file-error.ts';
import type { HeldValue } from '../../core/fleet/descent.ts';
import type { JsonObject } from '../../core/event.ts';
import type { Problem } from '../../core/problem.ts';
import { count, isObject, parseObject, text, texts } from '../../core/record.ts';
import { fileProblem, outsideFailure } from '../file-problem.ts';
import { judgeJournalPlace } from '../journal/journal-place.ts';
import { TemporaryFile } from '../writing/temporary-file.ts';

/** A value that this machine wrote into its policy file. */
export interface TakenValue extends HeldValue {
  /** The revision of the written text. */
  readonly revision: string;
  /** Unix ms. */
  readonly at: number;
  /** The text before; null where the file did not exist. */
  readonly replaced: string | null;
}

/** The values that a machine remembers. `next` was about to be written. After a crash the file shows whether it was. */
export interface HeldPolicy {
  readonly taken: TakenValue | null;
  readonly next: TakenValue | null;
}

/** For a machine that took no value yet. */
const NOTHING_HELD: HeldPolicy = { taken: null, next: null };

/** Reads the memory. A damaged file is a problem: a machine without memory could be made to take an older value. */
export async function readHeldPolicy(path: string): Promise<HeldPolicy | Problem> {
  try {
    const unsafe = await judgeJournalPlace(path);
    if (unsafe) return unsafe;
    return decode(await readFile(path, 'utf8')) ?? damaged(path);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? NOTHING_HELD : outsideFailure(error, path);
  }
}

/** Writes the memory and syncs it to disk. Returns a problem on failure. */
export async function writeHeldPolicy(path: string, held: HeldPolicy): Promise<Problem | null> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await using file = await TemporaryFile.create(`${path}.${randomUUID()}.temporary`, 0o600);
    await file.handle.writeFile(JSON.stringify(held));
    await file.finish();
    await rename(file.path, path);
    return null;
  } catch (error) {
    return outsideFailure(error, path);
  }
}

const damaged = (path: string): Problem =>
  fileProblem(
    path,
    'is damaged: it no longer says which policy this machine took last',
    'remove it, and let an editor say that the policy file may be replaced',
  );

function decode(json: string): HeldPolicy | null {
  const record = parseObject(json);
  const [taken, next] = [takenIn(record?.['taken']), takenIn(record?.['next'])];
  return taken === undefined || next === undefined ? null : { taken, next };
}

/** Undefined for an invalid value. */
function takenIn(value: unknown): TakenValue | null | undefined {
  if (value === null) return null;
  return isObject(value) ? decodeTaken(value) : undefined;
}

function decodeTaken(record: JsonObject): TakenValue | undefined {
  const [id, revision, at] = [text(record, 'id'), text(record, 'revision'), count(record, 'at')];
  const [earlier, replaced] = [texts(record, 'earlier'), record['replaced']];
  if (id === null || revision === null || at === null || earlier === null) return undefined;
  if (typeof replaced !== 'string' && replaced !== null) return undefined;
  return { id, earlier, revision, at, replaced };
}
