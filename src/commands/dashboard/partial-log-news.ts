import type { Store } from '../../app/store.ts';
import type { System } from '../../systems/system.ts';
import { partialLogs } from '../../reading/partial-logs.ts';

/** How often the files beside the logs are looked at. */
const LOOK_MS = 5_000;

/** Keeps the store told which of its logs do not hold every ruling, and how whole they are. Returns its stop. */
export function watchPartialLogs(systems: readonly System[], store: Store): () => void {
  let last = '[]';
  const look = async (): Promise<void> => {
    const paths = store.state.sources
      .map(({ source }) => source)
      .filter(source => source !== '-' && !source.startsWith('unix:'));
    const found = await partialLogs(paths, systems);
    const text = JSON.stringify(found);
    if (text === last) return;
    last = text;
    store.dispatch({ type: 'partial-logs-read', partialLogs: found });
  };
  const first = setTimeout(() => void look(), 300); // the sources are known by then
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
