import type { EgressEvent } from '../core/event.ts';
import type { Store } from '../app/store.ts';
import type { SourceListener } from '../sources/source.ts';
import type { System } from '../systems/system.ts';
import { LineDecoder } from './line-decoder.ts';

/** Brings lines into the store: counted, and (while an edit waits to be proven) looked at for its proof. */
export function dashboardFeed(
  store: Store,
  systems: readonly System[],
  isSelected: (event: EgressEvent) => boolean,
): SourceListener {
  const decoder = new LineDecoder(systems);
  const acknowledges = new Map(systems.map(system => [system.name, system.activation.acknowledges]));
  const take = (event: EgressEvent): void => {
    if (isSelected(event)) store.add(event);
    const { enforcement } = store.state;
    if (
      enforcement.type === 'none' ||
      enforcement.type === 'confirmed' ||
      event.at === null ||
      event.at < enforcement.at
    )
      return;
    store.dispatch({ type: 'event-observed', event, acknowledges: acknowledges.get(event.system) ?? null });
  };
  return {
    lines: batch => decoder.decode(batch, { event: take, malformed: problem => store.addMalformed(problem) }),
    status: source => store.dispatch({ type: 'source-changed', source }),
    message: (_, message) => {
      if (message.type === 'dropped' && typeof message['count'] === 'number')
        store.addDropped(message['count']);
    },
  };
}
