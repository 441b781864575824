import { keyFor } from '../keys/key-bindings.ts';
import { openDenials } from '../lists/open-denials.ts';
import type { State } from '../state/state.ts';
import { noticed } from './edit.ts';
import type { Step } from './step.ts';

/** `D`: opens the page of the host that was denied last. Pressed again, it opens the page of the host that was denied before. */
export function freshOpened(state: State): Step {
  const newest = openDenials(state).at(-1);
  if (!newest)
    return noticed(state, `no host was newly denied: ${keyFor(state, 'denied-screen')} lists all that were`);
  const { host } = newest;
  const fresh = state.fresh.filter(denial => denial !== newest);
  return [{ ...state, fresh, pages: [...state.pages, { type: 'host', host, cursor: 0, top: 0 }] }, []];
}
