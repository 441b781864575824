import { join } from 'node:path';
import type { PartialLog } from '../../core/completeness.ts';
import { Failure } from '../../core/failure.ts';
import type { LineBatch } from '../../sources/source.ts';
import { SourceError, trouble } from '../../sources/trouble.ts';
import type { OnceSource } from '../read-once.ts';
import type { TimeWindow } from '../selection.ts';
import { archiveParts, archivesIn, partFileName } from './archive-parts.ts';
import { ArchiveState } from './archive-state.ts';
import type { ArchivedLine } from './archived-row.ts';
import { linesByDuckDb, loadDuckDb } from './duckdb.ts';
import { openPart } from './part-file.ts';

/**
 * The records of one tenant's archive as a source, in the order in which they were archived. Lines outside of the window may be left out.
 * DuckDB reads the files where it is installed. Throws a failure where there is no archive.
 */
export async function archiveSource(folder: string, window: TimeWindow): Promise<OnceSource> {
  const place = await archiveAt(folder);
  const files = (await archiveParts(place)).map(part => join(place, partFileName(part)));
  const name = `archive ${place}`;
  const duckDb = await loadDuckDb();
  const lines = (): AsyncIterable<readonly ArchivedLine[]> =>
    duckDb ? linesByDuckDb(duckDb, { source: name, files, window }) : linesOf(files);
  let partial: PartialLog | null = null;
  return {
    name,
    isFile: false,
    bytes: () => {
      throw new Error('an archive has lines of many logs: they are decoded one by one');
    },
    batches: async function* () {
      const note = (await openPart(files.at(-1) ?? '')).note;
      const state = note === null ? null : ArchiveState.parse(note);
      if (!state) throw new SourceError(trouble(name, 'its newest file is not egresstop’s', 'archive again'));
      partial = state.partial(name);
      for await (const some of lines()) yield* batchesOf(some);
    },
    partial: () => partial,
  };
}

/** The folder of a tenant's archive: the one that was named, or the only one in it. */
async function archiveAt(folder: string): Promise<string> {
  if ((await archiveParts(folder)).length > 0) return folder;
  const [only, ...more] = await archivesIn(folder);
  if (only === undefined)
    throw new Failure(`${folder} holds no archive`, 1, {
      code: 'unreadable-source',
      remedy: 'make one with egresstop archive',
    });
  if (more.length > 0)
    throw new Failure(`${folder} holds archives of several tenants`, 2, {
      remedy: `name one of them: ${only}`,
    });
  return only;
}

async function* linesOf(files: readonly string[]): AsyncGenerator<readonly ArchivedLine[]> {
  for (const file of files) yield* (await openPart(file)).lines();
}

/** Lines that follow on one another in one log. */
function* batchesOf(lines: readonly ArchivedLine[]): Generator<LineBatch> {
  for (let from = 0; from < lines.length;) {
    const { machine, file } = lines[from] ?? { machine: '', file: '' };
    let to = from + 1;
    while (lines[to]?.machine === machine && lines[to]?.file === file) to += 1;
    const records = lines.slice(from, to).map(({ record }) => record);
    yield { source: `${machine}:${file}`, first: 1, behind: { count: null }, lines: records };
    from = to;
  }
}
