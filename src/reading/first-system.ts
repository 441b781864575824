import { stat } from 'node:fs/promises';
import { readLines } from '../sources/read-file.ts';
import { listFiles } from '../sources/named/expand.ts';
import type { IsLog, SourceSpec } from '../sources/source.ts';
import type { System } from '../systems/system.ts';
import { LineDecoder } from './line-decoder.ts';

/** Files that are looked into, and lines of each. */
const MOST_FILES = 4;
const MOST_LINES = 1_000;

/** The system of the first record that one of the files holds; null where none of the first lines is a system's. Pipes and sockets are not read. */
export async function firstSystem(
  specs: readonly SourceSpec[],
  systems: readonly System[],
): Promise<System | null> {
  const { files } = await listFiles(specs);
  for (const file of files.slice(0, MOST_FILES)) {
    const name = await firstIn(file, systems);
    const system = systems.find(known => known.name === name);
    if (system) return system;
  }
  return null;
}

/** Tells whether a file begins with records of these systems. A file is looked into again only when it has changed. */
export function logTest(systems: readonly System[]): IsLog {
  const known = new Map<string, { readonly version: string; readonly isLog: Promise<boolean> }>();
  return async path => {
    const stats = await stat(path, { bigint: true }).catch(() => null); // gone in the meantime
    if (!stats?.isFile()) return false;
    const version = `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
    const before = known.get(path);
    if (before?.version === version) return before.isLog;
    const isLog = firstIn(path, systems).then(found => found !== null);
    known.set(path, { version, isLog });
    return isLog;
  };
}

/** A file that cannot be read says nothing here: whoever follows it tells why. */
async function firstIn(file: string, systems: readonly System[]): Promise<string | null> {
  const isRegular = await stat(file).then(
    stats => stats.isFile(),
    () => false,
  );
  if (!isRegular) return null;
  const decoder = new LineDecoder(systems);
  let [found, lines]: [string | null, number] = [null, 0];
  const hear = {
    event: ({ system }: { readonly system: string }) => void (found ??= system),
    malformed: () => undefined,
    unrecognised: () => undefined,
  };
  try {
    for await (const batch of readLines(file)) {
      decoder.decode({ ...batch, lines: batch.lines.slice(0, MOST_LINES - lines) }, hear);
      lines += batch.lines.length;
      if (found !== null || lines >= MOST_LINES) return found;
    }
  } catch {
    return found; // told by the reader that follows the file
  }
  decoder.end(file, hear);
  return found;
}
