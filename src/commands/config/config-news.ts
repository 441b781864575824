import { isDeepStrictEqual } from 'node:util';
import type { Preferences } from '../../app/state/preferences.ts';
import type { State } from '../../app/state/state.ts';
import type { Store } from '../../app/store.ts';
import { describeProblem } from '../../core/problem.ts';
import type { FileState } from '../../policy-file/read.ts';
import { watchPolicy } from '../../policy-file/watching/watch.ts';
import type { Places } from '../../systems/system.ts';
import { applyConfig } from './apply-config.ts';
import type { Config } from './read-config.ts';

/** Settings that only a start takes in. */
const AT_START: readonly string[] = ['sources', 'policy', 'theme', 'notify', 'readonly', 'mouse', 'screen'];

/** Follows the operator's configuration while the dashboard runs. One with a mistake is told with its place, and the old one stays. */
export function followConfig(
  store: Store,
  path: string,
  places: Pick<Places, 'env' | 'home'>,
): () => Promise<void> {
  let standing: Config | null = null;
  let taking = Promise.resolve();
  const watching = watchPolicy(path, now => {
    taking = taking.then(() => take(now));
  });
  async function take(now: FileState): Promise<void> {
    const config = await configOf(now, path);
    const { preferences, problems } = applyConfig(config, { sources: [], options: {} }, places);
    const before = standing;
    if (before === null) {
      standing = config; // what the start has read
      return;
    }
    const [problem] = problems;
    if (problem) {
      for (const found of problems) store.counting.addProblem(found);
      const text = `the configuration stays as it was: ${describeProblem(problem)}`;
      return store.dispatch({ type: 'noticed', notice: { text, tone: 'deny' } });
    }
    standing = config;
    tell(store, news(store.state, preferences), lateSettings(before, config));
  }
  return watching.stop;
}

/** Without a file no parser is loaded. */
async function configOf(now: FileState, path: string): Promise<Config> {
  if (now.type === 'text') {
    const { parseConfig } = await import('./read-config.ts');
    return { path, exists: true, ...parseConfig(now.text, path) };
  }
  const isThere = now.type !== 'missing';
  return { path, exists: isThere, values: new Map(), problems: isThere ? [now.problem] : [] };
}

/** The choices of the configuration that the screen does not have yet. */
function news(state: State, wanted: Preferences): Preferences {
  const { columns, views, panes, sorts = {}, collapsesRetries, showQueries } = wanted;
  const differs = (one: unknown, other: unknown): boolean =>
    one !== undefined && !isDeepStrictEqual(one, other);
  const sorted = Object.entries(sorts).filter(([screen, { sort, isReversed }]) => {
    const list = state.lists[screen as keyof typeof state.lists];
    return list.sort !== sort || list.isReversed !== isReversed;
  });
  return {
    ...(columns && differs(columns, state.columnChoices) ? { columns } : {}),
    ...(views && differs(views, state.views) ? { views } : {}),
    ...(panes && differs({ ...state.panes, ...panes }, state.panes) ? { panes } : {}),
    ...(sorted.length > 0 ? { sorts: Object.fromEntries(sorted) } : {}),
    ...(collapsesRetries !== undefined && collapsesRetries !== state.collapsesRetries
      ? { collapsesRetries }
      : {}),
    ...(showQueries !== undefined && showQueries !== state.options.showQueries ? { showQueries } : {}),
  };
}

/** Settings that changed, and that hold from the next start on. */
const lateSettings = ({ values: before }: Config, { values: after }: Config): readonly string[] =>
  AT_START.filter(key => !isDeepStrictEqual(before.get(key)?.value, after.get(key)?.value));

function tell(store: Store, preferences: Preferences, late: readonly string[]): void {
  const now = Object.keys(preferences);
  if (now.length + late.length === 0) return;
  const parts = [
    ...(now.length > 0 ? ['the configuration was read again'] : []),
    ...(late.length > 0 ? [`from the next start on: ${late.join(', ')}`] : []),
  ];
  store.dispatch({
    type: 'preferences-changed',
    preferences,
    notice: { text: parts.join('; '), tone: 'plain' },
  });
}
