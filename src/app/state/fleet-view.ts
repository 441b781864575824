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
  readonly records: FleetRecords;
}

/** The records that the machines of a fleet ship beside their sums. They count nothing: the sums do. */
export interface FleetRecords {
  /** Which records machines ship, as far as they said: denials alone, or all; null before the first came. */
  readonly holds: 'denials' | 'all' | null;
  /** Denials among those that came, also those that would have been. */
  readonly denials: number;
  /** Messages that are no records. */
  readonly unread: number;
  /** Older messages that were left out. */
  readonly leftOut: number;
  /** Why none can be read; null where they can. */
  readonly trouble: string | null;
}

/** Nothing was heard of records yet. */
export const NO_RECORDS: FleetRecords = { holds: null, denials: 0, unread: 0, leftOut: 0, trouble: null };

/** How a machine is heard: it is silent when it missed two of its own turns. */
export const isSilent = ({ heard, everyMs }: MachineState, now: number): boolean =>
  now - heard > 2.5 * (everyMs ?? USUAL_MS);

const USUAL_MS = 60_000;
