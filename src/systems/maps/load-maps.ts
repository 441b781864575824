import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { errorCode, faultOf } from '../../core/file-error.ts';
import type { FieldMap } from '../../core/maps/field-map.ts';
import { isError, type Problem } from '../../core/problem.ts';
import { SYSTEMS } from '../index.ts';
import type { Places } from '../system.ts';
import { shippedMaps } from './shipped-maps.ts';

/** The maps in use, those with higher precedence first, and the problems of the others. */
export interface LoadedMaps {
  readonly maps: readonly FieldMap[];
  readonly problems: readonly Problem[];
}

/** The most files that are read from a folder. */
const MOST_FILES = 200;

/** The folder of the operator's maps: `egresstop/maps` in the XDG configuration folder. Null without a home. */
export function mapFolder({ home, env }: Pick<Places, 'home' | 'env'>): string | null {
  const xdg = env['XDG_CONFIG_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'egresstop', 'maps');
  return home === null ? null : join(home, '.config', 'egresstop', 'maps');
}

/**
 * Loads the maps of `--map`, of the operator's folder and of the package. Of several with the same name the first counts. A map that cannot
 * be read, or whose samples fail, is left out and reported.
 */
export async function loadMaps(named: readonly string[], places: Places): Promise<LoadedMaps> {
  const [folder, shipped] = await Promise.all([filesIn(mapFolder(places)), shippedMaps()]);
  const read = await Promise.all([...named, ...folder.files].map(readMapFile));
  const own: FieldMap[] = [];
  const problems = [...folder.problems, ...read.flatMap(({ problems: found }) => found)];
  for (const { map } of read) {
    if (map === null) continue;
    const twin = own.find(({ name }) => name === map.name);
    if (twin)
      problems.push(problemOf(map.file, `${twin.file ?? 'another map'} has the name ${map.name}, too`));
    else own.push(map);
  }
  const names = new Set(own.map(({ name }) => name));
  return { maps: [...own, ...shipped.filter(({ name }) => !names.has(name))], problems };
}

/** Reads one file as a map and checks its samples. Returns the map (or null) and the problems. */
export async function readMapFile(
  path: string,
): Promise<{ readonly map: FieldMap | null; readonly problems: readonly Problem[] }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof text !== 'string')
    return {
      map: null,
      problems: [problemOf(path, `the map cannot be read: ${faultOf(errorCode(text) ?? 'EIO', 'read').why}`)],
    };
  const [{ parseMap }, { sampleProblems }] = await Promise.all([
    import('./parse-map.ts'),
    import('./check-samples.ts'),
  ]);
  const parsed = parseMap(text, path);
  if (parsed.type === 'invalid') return { map: null, problems: parsed.problems };
  const { map } = parsed;
  if (SYSTEMS.some(({ name }) => name === map.name))
    return { map: null, problems: [problemOf(path, `${map.name} is the name of a built-in system`)] };
  const problems = sampleProblems(map);
  return { map: problems.some(isError) ? null : map, problems };
}

async function filesIn(
  folder: string | null,
): Promise<{ readonly files: readonly string[]; readonly problems: readonly Problem[] }> {
  if (folder === null) return { files: [], problems: [] };
  const names = await readdir(folder).catch(() => []); // the folder may be missing
  const files = names.filter(name => /\.ya?ml$/.test(name)).sort();
  const problems =
    files.length > MOST_FILES
      ? [problemOf(folder, `${files.length} maps: only the first ${MOST_FILES} are read`)]
      : [];
  return { files: files.slice(0, MOST_FILES).map(name => join(folder, name)), problems };
}

const problemOf = (source: string | null, why: string): Problem => ({
  source: source ?? 'maps',
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy: 'egresstop map check tries a map',
});
