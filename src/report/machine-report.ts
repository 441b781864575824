import type { VerdictCounts } from '../core/traffic/counts.ts';
import type { LedgerCounts } from '../core/fleet/counters/counter-document.ts';
import type { MachineState } from '../core/fleet/counters/machine-state.ts';
import { toIso } from '../core/time.ts';

/** One machine of a fleet: its decisions, and its own counts of what it read. */
export interface MachineReport extends VerdictCounts, LedgerCounts {
  readonly machine: string;
  readonly total: number;
  /** ISO time at which the server stored its newest document. */
  readonly heard: string | null;
  /** Decisions that the machine counted and the server does not have. */
  readonly missing: number;
  readonly unheardEpochs: number;
  readonly epochs: number;
  /** Bytes of its logs that were not read at its newest ledger. */
  readonly behindBytes: number;
  /** The server's clock minus the machine's, in ms. */
  readonly skewMs: number | null;
  /** Why two shippers seem to use its name; null without such a sign. */
  readonly doubt: string | null;
}

/** The state of a machine as `report` prints it. */
export function machineReport(state: MachineState): MachineReport {
  const { name, counts, heard, shortfall, epochs, behindBytes, skewMs, doubt } = state;
  const { lines, unreadable, unrecognised, info, lostFiles, lostBytes, folded } = state;
  return {
    machine: name,
    total: counts.total,
    ...counts.verdicts(),
    heard: Number.isFinite(heard) ? toIso(heard) : null,
    missing: shortfall.decisions,
    unheardEpochs: shortfall.unheardEpochs,
    epochs,
    behindBytes,
    skewMs,
    doubt,
    lines,
    unreadable,
    unrecognised,
    info,
    lostFiles,
    lostBytes,
    folded,
  };
}
