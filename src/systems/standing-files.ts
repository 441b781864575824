import { isFile } from './is-file.ts';

/** Those of the paths that are files, each once; `null` stands for a place that this machine does not have. */
export async function standingFiles(paths: readonly (string | null)[]): Promise<readonly string[]> {
  const known = [...new Set(paths.filter(path => path !== null))];
  const there = await Promise.all(known.map(isFile));
  return known.filter((_, index) => there[index] === true);
}
