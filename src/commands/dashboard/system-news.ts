import { isSameFile } from '../../reading/is-read.ts';
import type { Store } from '../../app/store.ts';
import type { MediatorsOf } from '../../reading/mediators.ts';

/** How often the systems' own state files are looked at. */
const INSPECT_MS = 5_000;

/** Keeps the store told of what the systems' mediators run with. */
export interface Inspection {
  /** Looks now: something was heard of a mediator. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** Looks now and every few seconds at the mediators that may speak. `policyPath` is the open policy's. */
export function inspectSystems(
  mediatorsOf: MediatorsOf,
  policyPath: string | null,
  store: Store,
): Inspection {
  let last = '';
  const look = async (): Promise<void> => {
    const found = await mediatorsOf();
    const mediators = found.map(mediator => ({
      ...mediator,
      isReader:
        policyPath !== null && mediator.policyPath !== null && isSameFile(mediator.policyPath, policyPath),
    }));
    const text = JSON.stringify(mediators);
    if (text === last) return;
    last = text;
    store.dispatch({ type: 'mediators-read', mediators });
  };
  const timer = setInterval(() => void look(), INSPECT_MS);
  void look();
  return { look: () => void look(), stop: () => clearInterval(timer) };
}
