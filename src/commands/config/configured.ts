import { existsSync } from 'node:fs';
import type { Places } from '../../systems/system.ts';
import type { ThemeOptions, WatchOptions } from '../dashboard/watch-options.ts';
import { placesOf } from '../places.ts';
import type { Configured } from './apply-config.ts';
import { configPath } from './config-path.ts';
import type { Config } from './read-config.ts';

/** The dashboard's command line with the operator's configuration. Without a configuration file no parser is loaded. */
export async function configured(
  sources: readonly string[],
  options: WatchOptions,
): Promise<Pick<Configured, 'sources' | 'options' | 'problems'>> {
  const places = placesOf(options.stateDir);
  const config = await configIn(places);
  if (config === null) {
    const { startProblems: problems = [], ...inTheme } = await themed(options);
    return { sources, options: inTheme, problems };
  }
  const { applyConfig } = await import('./apply-config.ts');
  const applied = applyConfig(config, { sources, options }, places);
  return { ...applied, options: { ...applied.options, preferences: applied.preferences } };
}

/** The flags with the theme alone that the operator chose: by the flag, the environment or the configuration. */
export async function themed<Options extends ThemeOptions>(
  options: Options,
): Promise<Options & ThemeOptions> {
  const places = placesOf(undefined);
  const config = await configIn(places);
  const variable = places.env['EGRESSTOP_THEME'];
  if (config === null && options.theme === undefined && variable === undefined) return options;
  const { chooseTheme } = await import('./theme-choice.ts');
  const chosen = chooseTheme(config ?? NO_CONFIG, { flag: options.theme, variable });
  return { ...options, ...chosen.options, startProblems: chosen.problems };
}

const NO_CONFIG: Pick<Config, 'values' | 'path'> = { path: '', values: new Map() };

/** The settings of the configuration; null where there is no such file. */
async function configIn(places: Places): Promise<Config | null> {
  const path = configPath(places);
  if (path === null || !existsSync(path)) return null;
  const { readConfig } = await import('./read-config.ts');
  return readConfig(path);
}
