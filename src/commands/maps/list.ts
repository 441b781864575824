import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure.ts';
import type { SourceOptions } from '../../reading/selection.ts';
import { alignColumns } from '../../report/columns.ts';
import { toJson } from '../../report/inert-json.ts';
import { mapFolder } from '../../systems/maps/load-maps.ts';
import { Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { exitOfMaps } from './with-maps.ts';

/** Prints the maps in use, those with higher precedence first. Exit 1 if a named one cannot be used. */
export async function listMaps(options: SourceOptions & { readonly json?: true }): Promise<number> {
  const output = new Output();
  const rows = (options.maps ?? []).map(({ name, file, holds }) => ({
    name,
    file,
    holds: holds ?? 'everything',
  }));
  await output.text(
    options.json
      ? `${toJson({ folder: mapFolder(placesOf(undefined)), maps: rows }, 2)}\n`
      : `${alignColumns(
          ['MAP', 'HOLDS', 'FROM'],
          rows.map(({ name, file, holds }) => [name, holds, file ?? 'the package']),
        )}\n`,
  );
  return exitOfMaps(options);
}

/** Prints the YAML of a map in use, for reading or as the beginning of a new map. */
export async function showMap(name: string, { maps = [] }: SourceOptions): Promise<number> {
  const map = maps.find(each => each.name === name);
  if (!map)
    throw new Failure(`no map is called ${name}`, 1, { remedy: 'egresstop map list prints the maps in use' });
  const path = map.file ?? fileURLToPath(new URL(`../../systems/maps/${name}.yaml`, import.meta.url));
  const output = new Output();
  await output.text(await readFile(path, 'utf8'));
  return 0;
}
