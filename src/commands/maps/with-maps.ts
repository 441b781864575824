import type { SourceOptions } from '../../reading/selection.ts';
import { noteProblem } from '../output.ts';
import { placesOf } from '../places.ts';

/** The flags with the maps for reading logs. Faults of maps are added to the start's problems. */
export async function withMaps<Options extends SourceOptions>(options: Options): Promise<Options> {
  const { loadMaps } = await import('../../systems/maps/load-maps.ts'); // loaded late: verbs without logs do not need it
  const { maps, problems } = await loadMaps(options.map ?? [], placesOf(options.stateDir));
  return { ...options, maps, startProblems: problems };
}

/** The same for a verb without a screen: the problems are printed at once. */
export async function withMapsTold<Options extends SourceOptions>(options: Options): Promise<Options> {
  const known = await withMaps(options);
  for (const problem of known.startProblems ?? []) noteProblem(problem);
  return known;
}

/** The exit code: 1 if a map of `--map` could not be used, because its records are then missing. */
export const exitOfMaps = ({ map = [], startProblems = [] }: SourceOptions): 0 | 1 =>
  startProblems.some(({ source, severity }) => severity === 'error' && map.includes(source)) ? 1 : 0;
