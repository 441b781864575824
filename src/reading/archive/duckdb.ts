import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SourceError, trouble } from '../../sources/trouble.ts';
import type { TimeWindow } from '../selection.ts';
import type { ArchivedLine } from './archived-row.ts';

/** The part of DuckDB's package that is used: it is no dependency, so that its types are not there. */
interface DuckDb {
  readonly DuckDBInstance: { readonly create: (path: string) => Promise<Instance> };
}

interface Instance {
  readonly connect: () => Promise<Connection>;
  readonly closeSync: () => void;
}

interface Connection {
  readonly stream: (sql: string) => Promise<{ readonly yieldRows: () => AsyncIterable<readonly Row[]> }>;
  readonly closeSync: () => void;
}

type Row = readonly unknown[];

const PACKAGE = '@duckdb/node-api';

/** DuckDB, where its package is installed beside egresstop or in a folder of NODE_PATH; else null. */
export async function loadDuckDb(): Promise<DuckDb | null> {
  try {
    const path = createRequire(import.meta.url).resolve(PACKAGE);
    return (await import(pathToFileURL(path).href)) as DuckDb;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/**
 * The lines of these files in their order. Lines whose event lies outside of the window are left out where their row says so. Throws a
 * SourceError named `source` where DuckDB cannot read them.
 */
export async function* linesByDuckDb(
  { DuckDBInstance }: DuckDb,
  {
    source,
    files,
    window,
  }: { readonly source: string; readonly files: readonly string[]; readonly window: TimeWindow },
): AsyncGenerator<readonly ArchivedLine[]> {
  if (files.length === 0) return;
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.stream(
      `select machine, file, record from read_parquet([${files.map(quoted).join()}]) where ${inside(window)}`,
    );
    for await (const rows of result.yieldRows())
      yield rows.map(([machine, file, record]) => ({
        machine: String(machine),
        file: String(file),
        record: String(record),
      }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SourceError(trouble(source, `DuckDB cannot read it: ${error.message}`, 'archive again'));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A row without a time of its own is always wanted. */
const inside = ({ since, until }: TimeWindow): string =>
  [
    'true',
    ...(Number.isFinite(since) ? [`(time is null or time >= epoch_ms(${Math.floor(since)}))`] : []),
    ...(Number.isFinite(until) ? [`(time is null or time < epoch_ms(${Math.ceil(until)}))`] : []),
  ].join(' and ');
