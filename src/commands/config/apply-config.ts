import type { Preferences } from '../../app/state/preferences.ts';
import type { ScreenName } from '../../app/state/screen.ts';
import type { Problem } from '../../core/problem.ts';
import type { Places } from '../../systems/system.ts';
import type { NotifyWay } from '../dashboard/terminal-bell.ts';
import type { WatchOptions } from '../dashboard/watch-options.ts';
import type { Config } from './read-config.ts';
import { keyChoices } from './key-choices.ts';
import { chooseTheme, THEME_VARIABLE } from './theme-choice.ts';
import { screenChoices } from './screen-choices.ts';

/**
 * The sources and options after adding the configuration. Flags take precedence over the environment, and the environment over the file.
 */
export interface Configured {
  readonly sources: readonly string[];
  readonly options: WatchOptions;
  readonly preferences: Preferences;
  readonly problems: readonly Problem[];
}

/** The sources and options of the command line. */
interface Given {
  readonly sources: readonly string[];
  readonly options: WatchOptions;
}

/** Adds the settings that the command line does not set. */
export function applyConfig(
  config: Config,
  { sources, options }: Given,
  { env, home }: Pick<Places, 'env' | 'home'>,
): Configured {
  /** Replaces a leading `~/` by the home folder. */
  const spelledOut = (path: string): string =>
    home !== null && path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
  const truth = (key: string): boolean | undefined => {
    const value = config.values.get(key)?.value;
    return typeof value === 'boolean' ? value : undefined;
  };
  const text = (key: string): string | undefined => {
    const value = config.values.get(key)?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const list = config.values.get('sources')?.value;
  const { sorts, columns, views, problems } = screenChoices(config);
  const chosen = keyChoices(config);
  const theme = chooseTheme(config, { flag: options.theme, variable: env[THEME_VARIABLE] });
  const ownPolicy = text('policy');
  const policy = options.policy ?? (ownPolicy === undefined ? undefined : spelledOut(ownPolicy));
  const notify = options.notify ?? (text('notify') as NotifyWay | undefined); // the reader accepts only these words
  const [side, below] = [truth('panes.side'), truth('panes.below')];
  const [mouse, collapsesRetries] = [truth('mouse'), truth('collapse-retries')];
  const screen = text('screen') as ScreenName | undefined; // the reader accepts only these words
  return {
    sources: sources.length > 0 || typeof list !== 'object' ? sources : list.map(spelledOut),
    options: {
      ...options,
      ...theme.options,
      ...(policy === undefined ? {} : { policy }),
      ...(notify === undefined ? {} : { notify }),
      ...(truth('readonly') === true ? { readonly: true } : {}),
      ...(truth('show-queries') === true ? { showQueries: true } : {}),
    },
    preferences: {
      panes: { ...(side === undefined ? {} : { side }), ...(below === undefined ? {} : { below }) },
      sorts,
      columns,
      views,
      keys: chosen.keys,
      ...(truth('show-queries') === undefined ? {} : { showQueries: truth('show-queries') === true }),
      ...(mouse === undefined ? {} : { mouse }),
      ...(collapsesRetries === undefined ? {} : { collapsesRetries }),
      ...(screen === undefined ? {} : { screen }),
    },
    problems: [...config.problems, ...problems, ...chosen.problems, ...theme.problems],
  };
}
