import { isFile } from './is-file.ts';

/** The paths that are files, without duplicates. `null` is a place that does not exist on this machine. */
export async function standingFiles(paths: readonly (string | null)[]): Promise<readonly string[]> {
  const known = [...new Set(paths.filter(path => path !== null))];
  const there = await Promise.all(known.map(isFile));
  return known.filter((_, index) => there[index] === true);
}
