import type { MachineState } from '../../core/fleet/counters/machine-state.ts';

/** A fleet as its server was heard last. */
export interface FleetView {
  /** The address of the server. */
  readonly name: string;
  readonly machines: readonly MachineState[];
  /** Since when the server has been away, unix ms; null while it is there. */
  readonly awaySince: number | null;
  /** Why no counters can be read; null where they can. */
  readonly trouble: string | null;
}

/** How a machine is heard: it is silent when it missed two of its own turns. */
export const isSilent = ({ heard, everyMs }: MachineState, now: number): boolean =>
  now - heard > 2.5 * (everyMs ?? USUAL_MS);

const USUAL_MS = 60_000;
