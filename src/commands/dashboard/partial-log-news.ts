import type { PartialLog } from '../../core/completeness.ts';
import type { Store } from '../../app/store.ts';
import type { System } from '../../systems/system.ts';
import { partialLogs } from '../../reading/partial-logs.ts';

/** How often the files beside the logs are looked at. */
const LOOK_MS = 5_000;

/** Keeps the store told which of its logs do not hold every ruling, and how whole they are. `tell` takes what a source says of itself. */
export function watchPartialLogs(
  systems: readonly System[],
  store: Store,
): { readonly tell: (log: PartialLog) => void; readonly stop: () => void } {
  const told = new Map<string, PartialLog>();
  let last = '[]';
  const look = async (): Promise<void> => {
    const paths = store.state.sources
      .map(({ source }) => source)
      .filter(source => source !== '-' && !source.startsWith('unix:'));
    const found = [...told.values(), ...(await partialLogs(paths, systems))];
    const text = JSON.stringify(found);
    if (text === last) return;
    last = text;
    store.dispatch({ type: 'partial-logs-read', partialLogs: found });
  };
  const first = setTimeout(() => void look(), 300); // the sources are known by then
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    tell: log => void told.set(log.log, log),
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
