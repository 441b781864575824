import type { Store } from '../../app/store.ts';
import { awaits } from '../../app/state/edit-proofs.ts';
import type { EgressEvent } from '../../core/event.ts';
import type { System } from '../../systems/system.ts';

/** Where the proof of an edit may come from. */
export interface ProofSources {
  readonly systems: readonly System[];
  /** The system whose policy is edited; null where none is. */
  readonly edited: System | null;
}

/** Looks at records for the proof of an edit, while one waits for it. Cheap for every other record. */
export function proofWatch(store: Store, { systems, edited }: ProofSources): (event: EgressEvent) => void {
  const acknowledges = new Map(systems.map(system => [system.name, system.activation.acknowledges]));
  const provers = new Map(systems.map(system => [system.name, system.activation.canProve]));
  const canProve = (event: EgressEvent): boolean =>
    (provers.get(event.system)?.(event) ?? true) && (edited?.activation.provenBy?.(event) ?? true);
  return event => {
    const { enforcement, proofs } = store.state;
    const isOpen =
      event.at !== null &&
      (enforcement.type === 'saved' || enforcement.type === 'acknowledged') &&
      event.at >= enforcement.at;
    if (!isOpen && (proofs.length === 0 || !awaits(proofs, event))) return;
    if (canProve(event))
      store.dispatch({
        type: 'event-observed',
        event,
        acknowledges: acknowledges.get(event.system) ?? null,
      });
  };
}

/** Looks for the proof of an edit among the records that were read before the edit was known. */
export function lookBack(store: Store, since: number, observe: (event: EgressEvent) => void): void {
  const found: EgressEvent[] = [];
  for (const event of store.traffic.recent.newestFirst()) if ((event.at ?? 0) >= since) found.push(event);
  for (const event of found.reverse()) observe(event);
}
