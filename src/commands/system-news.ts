import type { Store } from '../app/store.ts';
import type { Places, System } from '../systems/system.ts';

/** How often the systems' own state files are looked at. */
const INSPECT_MS = 5_000;

/** Tells the store what the systems' mediators run with, now and every few seconds. Returns its stop. */
export function inspectSystems(systems: readonly System[], places: Places, store: Store): () => void {
  let last = '';
  const look = async (): Promise<void> => {
    const found = await Promise.all(
      systems.map(async system =>
        (await system.inspect(places)).map(inspected => ({ system: system.name, ...inspected })),
      ),
    );
    const mediators = found.flat();
    const text = JSON.stringify(mediators);
    if (text === last) return;
    last = text;
    store.dispatch({ type: 'mediators-read', mediators });
  };
  const timer = setInterval(() => void look(), INSPECT_MS);
  void look();
  return () => clearInterval(timer);
}
