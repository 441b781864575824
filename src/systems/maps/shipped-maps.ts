import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeProblem } from '../../core/problem.ts';
import type { FieldMap } from '../../core/maps/field-map.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
/** The maps as the build has read them: a command need not load the YAML parser for them. */
const BUILT = new URL('shipped.json', import.meta.url);

/** The maps of the package, in the order of their names. The source has only their YAML; there the parser reads it. */
export async function shippedMaps(): Promise<readonly FieldMap[]> {
  try {
    return JSON.parse(readFileSync(BUILT, 'utf8')) as readonly FieldMap[]; // the build wrote it by `readShippedMaps`
  } catch {
    return readShippedMaps(); // not built
  }
}

/** Reads the maps of the package from their YAML. A broken one is our own bug, and throws. */
export async function readShippedMaps(): Promise<readonly FieldMap[]> {
  const { parseMap } = await import('./parse-map.ts');
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => {
      const parsed = parseMap(readFileSync(`${FOLDER}${name}`, 'utf8'), name);
      if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
      return { ...parsed.map, file: null };
    });
}
