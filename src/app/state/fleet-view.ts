import type { MachineState } from '../../core/fleet/counters/machine-state.ts';

/** The state of a fleet, as last received from its server. */
export interface FleetView {
  /** The address of the server. */
  readonly name: string;
  readonly machines: readonly MachineState[];
  /** Unix ms since when the server has been unreachable; null while it is reachable. */
  readonly awaySince: number | null;
  /** Why the counters cannot be read; null if they can. */
  readonly trouble: string | null;
  readonly records: FleetRecords;
}

/** The records that machines ship besides their sums. They are not counted, because the sums include them. */
export interface FleetRecords {
  /** The records that machines ship, by their own account: only denials, or all. Null before the first record. */
  readonly holds: 'denials' | 'all' | null;
  /** The number of received denials, including `would-deny`. */
  readonly denials: number;
  /** The number of messages that are no valid records. */
  readonly unread: number;
  /** The number of older messages that were skipped. */
  readonly leftOut: number;
  /** Why the records cannot be read; null if they can. */
  readonly trouble: string | null;
}

/** The state before any record was received. */
export const NO_RECORDS: FleetRecords = { holds: null, denials: 0, unread: 0, leftOut: 0, trouble: null };

/** Whether a machine is silent: its last two messages are overdue. */
export const isSilent = ({ heard, everyMs }: MachineState, now: number): boolean =>
  now - heard > 2.5 * (everyMs ?? USUAL_MS);

const USUAL_MS = 60_000;
