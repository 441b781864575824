import type { SourceOptions } from '../../reading/selection.ts';
import { noteProblem } from '../output.ts';
import { placesOf } from '../places.ts';

/** The flags of a verb with the maps that it reads logs by. The faults of a map are among its problems, or on stderr. */
export async function withMaps<Options extends SourceOptions>(options: Options): Promise<Options> {
  const { loadMaps } = await import('../../systems/maps/load-maps.ts'); // no verb without logs waits for it
  const { maps, problems } = await loadMaps(options.map ?? [], placesOf(options.stateDir));
  return { ...options, maps, startProblems: problems };
}

/** The same for a verb without a screen: the problems are told at once. */
export async function withMapsTold<Options extends SourceOptions>(options: Options): Promise<Options> {
  const known = await withMaps(options);
  for (const problem of known.startProblems ?? []) noteProblem(problem);
  return known;
}

/** The exit code where a map that `--map` named could not be used: what it was to count is missing. */
export const exitOfMaps = ({ map = [], startProblems = [] }: SourceOptions): 0 | 1 =>
  startProblems.some(({ source, severity }) => severity === 'error' && map.includes(source)) ? 1 : 0;
