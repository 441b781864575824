import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { SourceError, trouble, troubleOf } from '../../sources/trouble.ts';
import { COLUMNS, type ArchivedLine, type ArchivedRow, type Value } from './archived-row.ts';

/** Rows that are compressed and read at once. */
const GROUP_ROWS = 25_000;
/** The entry of a file's metadata that is egresstop's own. */
const KEY = 'egresstop';

/** One Parquet file of an archive. */
export interface PartFile {
  /** The note of its writer for the next run; null where the file is of another program. */
  readonly note: string | null;
  readonly rows: number;
  /** The lines in their order, some thousand at a time. Throws a SourceError where they cannot be read. */
  readonly lines: () => AsyncGenerator<readonly ArchivedLine[]>;
  /** The rows as they were written, without their events. */
  readonly whole: () => Promise<readonly StoredRow[]>;
}

/** A row of a file, by the names of its columns. */
export type StoredRow = Readonly<Record<string, string | number | bigint | Date | null>>;

/** The rows of a file that grows, column by column: a value takes an eighth of the memory of the event that it came from. */
export class PartRows {
  readonly #columns: readonly Value[][] = COLUMNS.map(() => []);

  /** So many rows. */
  get size(): number {
    return this.#columns[0]?.length ?? 0;
  }

  add(row: ArchivedRow): void {
    for (const [index, { of }] of COLUMNS.entries()) this.#columns[index]?.push(of(row));
  }

  /** Rows that were read from a file. */
  addStored(rows: readonly StoredRow[]): void {
    for (const [index, { name }] of COLUMNS.entries())
      for (const row of rows) this.#columns[index]?.push(row[name] ?? null);
  }

  /** The values of a column, in the order of the rows. */
  column(wanted: (typeof COLUMNS)[number]['name']): readonly Value[] {
    return this.#columns[COLUMNS.findIndex(({ name }) => name === wanted)] ?? [];
  }
}

/** A Parquet file of rows. */
export async function partBytes(rows: PartRows, note: string): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const buffer = parquetWriteBuffer({
    codec: 'GZIP',
    compressors: { GZIP: input => gzipSync(input) },
    rowGroupSize: GROUP_ROWS,
    createdBy: 'egresstop',
    kvMetadata: [{ key: KEY, value: note }],
    columnData: COLUMNS.map(({ name, type }) => ({
      name,
      type,
      data: [...rows.column(name)],
    })),
  });
  return new Uint8Array(buffer);
}

/** Opens a file. Throws a SourceError where it cannot be read. */
export async function openPart(path: string): Promise<PartFile> {
  const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) };
  const [file, metadata] = await readable(path, async (): Promise<[AsyncBuffer, FileMetaData]> => {
    const content = bufferOf(await readFile(path).catch((error: unknown) => fail(error, path)));
    return [content, await parquetMetadataAsync(content)];
  });
  const read = (columns: readonly string[], [from, to]: readonly [number, number]) =>
    readable(path, () =>
      parquetReadObjects({ file, metadata, compressors, columns: [...columns], rowStart: from, rowEnd: to }),
    );
  const rows = Number(metadata.num_rows);
  return {
    note: metadata.key_value_metadata?.find(({ key }) => key === KEY)?.value ?? null,
    rows,
    whole: async () =>
      (await read(
        COLUMNS.map(({ name }) => name),
        [0, rows],
      )) as readonly StoredRow[], // the columns are ours
    lines: async function* () {
      let from = 0;
      for (const { num_rows: count } of metadata.row_groups) {
        const to = from + Number(count);
        const found = await read(['machine', 'file', 'record'], [from, to]);
        yield found.map(row => ({
          machine: String(row['machine']),
          file: String(row['file']),
          record: String(row['record']),
        }));
        from = to;
      }
    },
  };
}

function bufferOf(content: Buffer): AsyncBuffer {
  const bytes = new Uint8Array(content); // of its own, not part of a pool
  return { byteLength: bytes.byteLength, slice: (start, end) => bytes.buffer.slice(start, end) };
}

function fail(error: unknown, path: string): never {
  throw new SourceError(troubleOf(error, path));
}

/** The library throws plain errors at bytes that are no Parquet. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SourceError || !(error instanceof Error)) throw error;
    throw new SourceError(
      trouble(
        path,
        `it cannot be read as Parquet: ${error.message}`,
        'move the file away, and archive again',
      ),
    );
  }
}
