import type { LedgerDocument } from '../../core/fleet/counters/counter-document.ts';
import { counter, familiesText, gauge } from './families.ts';

/** The state of `ship`. */
export interface ShipFigures {
  /** The last ledger; null before the first count. */
  readonly ledger: LedgerDocument | null;
  readonly isServerUp: boolean;
  /** Milliseconds since the server last had everything; null if it never had. */
  readonly deliveredMs: number | null;
}

/** The figures of `ship` in Prometheus' format, without names of hosts, agents, tools and logs. */
export function shipMetricsText({ ledger, isServerUp, deliveredMs }: ShipFigures): string {
  const {
    lines = 0,
    unreadable = 0,
    unrecognised = 0,
    lostFiles = 0,
    lostBytes = 0,
    folded = 0,
  } = ledger ?? {};
  const behind = (ledger?.files ?? []).reduce((sum, { size, offset }) => sum + Math.max(0, size - offset), 0);
  return familiesText([
    counter('egresstop_ship_lines_total', 'Lines of the logs that were counted.', lines),
    counter('egresstop_ship_unreadable_lines_total', 'Lines that could not be read.', unreadable),
    counter('egresstop_ship_unrecognised_records_total', 'Records of no known system.', unrecognised),
    counter('egresstop_ship_lost_files_total', 'Logs that vanished with lines not counted.', lostFiles),
    counter(
      'egresstop_ship_lost_bytes_total',
      'Bytes of logs that vanished before they were counted.',
      lostBytes,
    ),
    counter(
      'egresstop_ship_folded_decisions_total',
      'Decisions on hosts without a row of their own.',
      folded,
    ),
    gauge('egresstop_ship_behind_bytes', 'Bytes of the logs that were not counted yet.', behind),
    gauge('egresstop_ship_server_up', '1 while the server is connected, else 0.', isServerUp ? 1 : 0),
    gauge(
      'egresstop_ship_delivery_age_seconds',
      'Seconds since the server had stored everything; NaN if it never had.',
      deliveredMs === null ? Number.NaN : deliveredMs / 1000,
    ),
  ]);
}
