import { existsSync } from 'node:fs';
import type { WatchOptions } from '../dashboard/watch-options.ts';
import { placesOf } from '../places.ts';
import type { Configured } from './apply-config.ts';
import { configPath } from './config-path.ts';

/** The dashboard's command line with the operator's configuration behind it. Without such a file nothing more is loaded. */
export async function configured(
  sources: readonly string[],
  options: WatchOptions,
): Promise<Pick<Configured, 'sources' | 'options' | 'problems'>> {
  const places = placesOf(options.stateDir);
  const path = configPath(places);
  if (path === null || !existsSync(path)) return { sources, options, problems: [] };
  const [{ readConfig }, { applyConfig }] = await Promise.all([
    import('./read-config.ts'),
    import('./apply-config.ts'),
  ]);
  const applied = applyConfig(await readConfig(path), { sources, options }, places);
  return { ...applied, options: { ...applied.options, preferences: applied.preferences } };
}
