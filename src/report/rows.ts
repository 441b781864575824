import { VERDICTS } from '../core/event.ts';
import type { MachineReport } from './machine-report.ts';
import { leadingReason, type ReportRows } from './report.ts';

/** A table of the report as data: a header in lower case, and rows with names first, then numbers. */
export interface ReportTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The tables of hosts, tools and agents that all formats with tables print. */
export const reportTables = (report: ReportRows): readonly ReportTable[] => [
  {
    header: ['host', 'total', ...VERDICTS, 'bytes', 'last', 'reason'],
    rows: Array.from(report.hosts, host => [
      host.host,
      host.total,
      ...VERDICTS.map(verdict => host[verdict]),
      host.bytes,
      host.last ?? '-',
      leadingReason(host),
    ]),
  },
  {
    header: ['tool', 'total', ...VERDICTS],
    rows: report.tools.map(row => [row.tool, row.total, ...VERDICTS.map(verdict => row[verdict])]),
  },
  {
    header: ['agent', 'total', ...VERDICTS],
    rows: report.agents.map(row => [row.agent, row.total, ...VERDICTS.map(verdict => row[verdict])]),
  },
  ...(report.machines ? [machineTable(report.machines)] : []),
];

const machineTable = (machines: readonly MachineReport[]): ReportTable => ({
  header: ['machine', 'total', ...VERDICTS, 'lines', 'unreadable', 'missing', 'lost files', 'heard'],
  rows: machines.map(row => [
    row.machine,
    row.total,
    ...VERDICTS.map(verdict => row[verdict]),
    row.lines,
    row.unreadable,
    row.missing,
    row.lostFiles,
    row.heard ?? '-',
  ]),
});
