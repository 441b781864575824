import type { Store } from '../../app/store.ts';
import type { Places, System } from '../../systems/system.ts';

/** How often the systems' own state files are looked at. */
const INSPECT_MS = 5_000;

/** Keeps the store told of what the systems' mediators run with. */
export interface Inspection {
  /** Looks now: something was heard of a mediator. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** Looks now and every few seconds. */
export function inspectSystems(systems: readonly System[], places: Places, store: Store): Inspection {
  let last = '';
  const look = async (): Promise<void> => {
    const found = await Promise.all(
      systems.map(async system => {
        const inspected = await system.inspect(places);
        return inspected.map(mediator => ({ system: system.name, ...mediator }));
      }),
    );
    const mediators = found.flat();
    const text = JSON.stringify(mediators);
    if (text === last) return;
    last = text;
    store.dispatch({ type: 'mediators-read', mediators });
  };
  const timer = setInterval(() => void look(), INSPECT_MS);
  void look();
  return { look: () => void look(), stop: () => clearInterval(timer) };
}
