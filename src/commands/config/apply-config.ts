import { SORTS } from '../../app/lists/order.ts';
import type { Preferences } from '../../app/state/preferences.ts';
import { SCREENS, type ScreenName, type SortKey } from '../../app/state/screen.ts';
import { nearWord } from '../../core/near-word.ts';
import type { Problem } from '../../core/problem.ts';
import type { Places } from '../../systems/system.ts';
import type { NotifyWay } from '../dashboard/terminal-bell.ts';
import type { WatchOptions } from '../dashboard/watch-options.ts';
import type { Config } from './read-config.ts';

/** The command line with the configuration behind it: flags win, then the environment, then the file. */
export interface Configured {
  readonly sources: readonly string[];
  readonly options: WatchOptions;
  readonly preferences: Preferences;
  readonly problems: readonly Problem[];
}

/** Fills in what the command line leaves open. */
export function applyConfig(
  config: Config,
  sources: readonly string[],
  options: WatchOptions,
  { env, home }: Pick<Places, 'env' | 'home'>,
): Configured {
  /** `~/` is the home folder, as in a shell. */
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
  const sorts = sortsOf(config);
  const theme = options.theme ?? env['EGRESSTOP_THEME'] ?? text('theme');
  const ownPolicy = text('policy');
  const policy = options.policy ?? (ownPolicy === undefined ? undefined : spelledOut(ownPolicy));
  const notify = options.notify ?? (text('notify') as NotifyWay | undefined); // the reader let no other word through
  const [side, below] = [truth('panes.side'), truth('panes.below')];
  const [mouse, collapsesRetries] = [truth('mouse'), truth('collapse-retries')];
  const screen = text('screen') as ScreenName | undefined; // likewise
  return {
    sources: sources.length > 0 || typeof list !== 'object' ? sources : list.map(spelledOut),
    options: {
      ...options,
      ...(theme === undefined ? {} : { theme }),
      ...(policy === undefined ? {} : { policy }),
      ...(notify === undefined ? {} : { notify }),
      ...(truth('readonly') === true ? { readonly: true } : {}),
      ...(truth('show-queries') === true ? { showQueries: true } : {}),
    },
    preferences: {
      panes: { ...(side === undefined ? {} : { side }), ...(below === undefined ? {} : { below }) },
      sorts: sorts.sorts,
      ...(mouse === undefined ? {} : { mouse }),
      ...(collapsesRetries === undefined ? {} : { collapsesRetries }),
      ...(screen === undefined ? {} : { screen }),
    },
    problems: [...config.problems, ...sorts.problems],
  };
}

/** The sorts that the file sets; a column that a list does not know is told with its place. */
export function sortsOf({ values, path }: Config): {
  readonly sorts: NonNullable<Preferences['sorts']>;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const sorts: Partial<Record<ScreenName, { readonly sort: SortKey; readonly isReversed: boolean }>> = {};
  for (const screen of SCREENS) {
    const found = values.get(`sort.${screen}`);
    if (typeof found?.value !== 'string' || found.value === '') continue;
    const [isReversed, name] = [found.value.startsWith('-'), found.value.replace(/^-/, '')];
    const known = SORTS[screen];
    const sort = known.find(key => key === name);
    if (sort) sorts[screen] = { sort, isReversed };
    else {
      const near = nearWord(name, known);
      problems.push({
        source: path,
        line: found.line,
        column: found.column,
        severity: 'error',
        why: `${screen} cannot be sorted by ${name}${near === null ? '' : `: did you mean ${near}?`}`,
        remedy: `it is one of ${known.join(', ')}`,
      });
    }
  }
  return { sorts, problems };
}
