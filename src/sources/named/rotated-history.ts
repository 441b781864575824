import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../core/file-error.ts';

/** `audit.jsonl.3`, `audit.jsonl.3.gz`; a longer number is a date or a process id, not a place in a row. */
const ROTATED = /^(?<base>.+)\.(?<index>[1-9]\d{0,3})(?<zipped>\.gz)?$/;

/** The name that a rotated file had when it was written to: `audit.jsonl` for `audit.jsonl.3.gz`, any other name unchanged. */
export function nameBeforeRotation(name: string): string {
  return ROTATED.exec(name)?.groups?.['base'] ?? name;
}

/**
 * The rotated files of `path` (`.N … .1`, also `.N.gz` where there is no `.N`), oldest first, without `path` itself. They are looked
 * for where a symbolic link leads, since that is where they are renamed. None when the folder is missing or cannot be listed.
 */
export async function rotatedHistory(path: string): Promise<string[]> {
  const real = await realpath(path).catch(fallback(path));
  const names = await readdir(dirname(real)).catch(fallback<string[]>([]));
  const byIndex = new Map<number, string>();
  for (const name of names) {
    const found = ROTATED.exec(name)?.groups;
    if (found?.['base'] !== basename(real)) continue;
    const index = Number(found['index']);
    if (!found['zipped'] || !byIndex.has(index)) byIndex.set(index, name);
  }
  return [...byIndex].sort(([a], [b]) => b - a).map(([, name]) => join(dirname(real), name));
}

/** A failed system call gives `value` instead; a bug is thrown on. */
function fallback<T>(value: T): (error: unknown) => T {
  return error => {
    if (errorCode(error) === null) throw error;
    return value;
  };
}
