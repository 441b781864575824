import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../core/file-error.ts';
import { SourceError, troubleOf } from '../../sources/trouble.ts';

/** A file of an archive: the hour in which the server stored its records, and its number in that hour. */
export interface PartName {
  /** As `2026-11-29T12`, in UTC. */
  readonly hour: string;
  readonly number: number;
}

const NAME = /^(\d{4}-\d\d-\d\dT\d\d)-(\d{3,6})\.parquet$/;

/** `2026-11-29T12-001.parquet`. */
export const partFileName = ({ hour, number }: PartName): string =>
  `${hour}-${String(number).padStart(3, '0')}.parquet`;

/** The hour of a time in unix ms. */
export const hourOf = (at: number): string => new Date(at).toISOString().slice(0, 13);

/** The files of one tenant's archive, oldest first; none where there is no such folder. Throws a SourceError where it cannot be read. */
export async function archiveParts(folder: string): Promise<readonly PartName[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new SourceError(troubleOf(error, folder));
  });
  return names
    .flatMap(name => {
      const [, hour, number] = NAME.exec(name) ?? [];
      return hour === undefined ? [] : [{ hour, number: Number(number) }];
    })
    .sort((one, other) =>
      one.hour === other.hour ? one.number - other.number : one.hour < other.hour ? -1 : 1,
    );
}

/** The folders in a folder that are archives themselves. */
export async function archivesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => join(folder, name));
  const parts = await Promise.all(folders.map(path => archiveParts(path).catch(() => [])));
  return folders.filter((_, index) => (parts[index] ?? []).length > 0).sort();
}
