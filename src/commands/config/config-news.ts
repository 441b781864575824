import { isDeepStrictEqual } from 'node:util';
import type { Preferences } from '../../app/state/preferences.ts';
import type { ScreenName } from '../../app/state/screen.ts';
import type { State } from '../../app/state/state.ts';
import type { Store } from '../../app/store.ts';
import { describeProblem } from '../../core/problem.ts';
import type { FileState } from '../../policy-file/read.ts';
import { watchPolicy } from '../../policy-file/watching/watch.ts';
import type { Places } from '../../systems/system.ts';
import { applyConfig, type Configured } from './apply-config.ts';
import type { Config } from './read-config.ts';

/** Settings that take effect only at the next start. */
const AT_START: readonly string[] = [
  'sources',
  'policy',
  'theme',
  'themes',
  'notify',
  'readonly',
  'mouse',
  'screen',
];

/**
 * Applies changes of the configuration while the dashboard runs. Resolves after the first read. A file with a mistake is reported, and the
 * old settings stay. A setting that did not change in the file does not override the operator's choice on the screen.
 */
export async function followConfig(
  store: Store,
  path: string,
  places: Pick<Places, 'env' | 'home'>,
): Promise<() => Promise<void>> {
  let standing: Config | null = null;
  const { promise: isRead, resolve: readNow } = Promise.withResolvers<void>();
  let taking = Promise.resolve();
  const watching = watchPolicy(path, now => {
    taking = taking.then(() => take(now));
  });
  async function take(now: FileState): Promise<void> {
    const config = await configOf(now, path);
    const before = standing;
    if (before === null) {
      standing = config; // the start has applied it
      return readNow();
    }
    const { preferences, problems } = appliedAlone(config, places);
    const [problem] = problems;
    if (problem) {
      for (const found of problems) store.counting.addProblem(found);
      const text = `the configuration stays as it was: ${describeProblem(problem)}`;
      return store.dispatch({ type: 'noticed', notice: { text, tone: 'deny' } });
    }
    standing = config;
    const former = appliedAlone(before, places).preferences;
    tell(store, news(store.state, former, preferences), lateSettings(before, config));
  }
  await isRead;
  return watching.stop;
}

const appliedAlone = (config: Config, places: Pick<Places, 'env' | 'home'>): Configured =>
  applyConfig(config, { sources: [], options: {} }, places);

/** Parses the configuration. Without a file no parser is loaded. */
async function configOf(now: FileState, path: string): Promise<Config> {
  if (now.type === 'text') {
    const { parseConfig } = await import('./read-config.ts');
    return { path, exists: true, ...parseConfig(now.text, path) };
  }
  const isThere = now.type !== 'missing';
  return { path, exists: isThere, values: new Map(), problems: isThere ? [now.problem] : [] };
}

/** The settings that changed in the file and differ from the screen. */
function news(state: State, former: Preferences, wanted: Preferences): Preferences {
  const { columns, views, panes, keys, sorts = {}, collapsesRetries, showQueries } = wanted;
  const isNews = (key: keyof Preferences, shown: unknown): boolean =>
    wanted[key] !== undefined &&
    !isDeepStrictEqual(wanted[key], former[key]) &&
    !isDeepStrictEqual(wanted[key], shown);
  const sorted = Object.entries(sorts).filter(([name, wanted]) => {
    const screen = name as ScreenName; // its own keys
    const { sort, isReversed } = state.lists[screen];
    return (
      !isDeepStrictEqual(wanted, former.sorts?.[screen]) && !isDeepStrictEqual(wanted, { sort, isReversed })
    );
  });
  return {
    ...(columns && isNews('columns', state.columnChoices) ? { columns } : {}),
    ...(views && isNews('views', state.views) ? { views } : {}),
    ...(keys && isNews('keys', state.keys) ? { keys } : {}),
    ...(panes && isNews('panes', state.panes) ? { panes } : {}),
    ...(sorted.length > 0 ? { sorts: Object.fromEntries(sorted) } : {}),
    ...(collapsesRetries !== undefined && isNews('collapsesRetries', state.collapsesRetries)
      ? { collapsesRetries }
      : {}),
    ...(showQueries !== undefined && isNews('showQueries', state.options.showQueries) ? { showQueries } : {}),
  };
}

/** The changed settings that take effect at the next start. */
const lateSettings = ({ values: before }: Config, { values: after }: Config): readonly string[] => {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    key => !isDeepStrictEqual(before.get(key)?.value, after.get(key)?.value),
  );
  return AT_START.filter(key => changed.some(other => other === key || other.startsWith(`${key}.`)));
};

function tell(store: Store, preferences: Preferences, late: readonly string[]): void {
  const now = Object.keys(preferences);
  if (now.length + late.length === 0) return;
  const parts = [
    ...(now.length > 0 ? ['the configuration was read again'] : []),
    ...(late.length > 0 ? [`these settings take effect at the next start: ${late.join(', ')}`] : []),
  ];
  store.dispatch({
    type: 'preferences-changed',
    preferences,
    notice: { text: parts.join('; '), tone: 'plain' },
  });
}
