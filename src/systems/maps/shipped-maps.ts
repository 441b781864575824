import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeProblem } from '../../core/problem.ts';
import type { FieldMap } from '../../core/maps/field-map.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
/** The package's maps as JSON, written by the build so that no command needs the YAML parser for them. */
const BUILT = new URL('shipped.json', import.meta.url);

/** The package's maps, sorted by name. When the program runs from its source, they are parsed from YAML. */
export async function shippedMaps(): Promise<readonly FieldMap[]> {
  try {
    return JSON.parse(readFileSync(BUILT, 'utf8')) as readonly FieldMap[]; // the build wrote the file with `readShippedMaps`
  } catch {
    return readShippedMaps(); // not built
  }
}

/** Parses the package's maps from YAML. Throws for an invalid one, which is a bug. */
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
