import { CELLS_A_ROW, EventSum, SUM_CELL, type CountedFields, type SummedRows } from './event-sum.ts';

/** The verdict of events, and the system, record type and reason behind it. */
export type RulingFields = Pick<CountedFields, 'system' | 'kind' | 'verdict' | 'reason' | 'interception'>;

/** The destination of events. */
export type HostFields = Pick<CountedFields, 'host' | 'address'>;

/**
 * Many sums of events as plain data that one thread can hand to another. A row is one combination of ruling, host, tool and agent. Rows are
 * in the order in which the combinations first came.
 */
export interface SumTable extends SummedRows {
  readonly size: number;
  /** For each row, the indices of its ruling, host, tool and agent in the lists below, in the order of PARTS. */
  readonly parts: Uint32Array<ArrayBuffer>;
  readonly rulings: readonly RulingFields[];
  readonly hosts: readonly HostFields[];
  readonly tools: readonly (string | null)[];
  readonly agents: readonly (string | null)[];
}

/** A range of rows, without `to`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** The column of each part in `parts`. */
export const PART = { ruling: 0, host: 1, tool: 2, agent: 3 } as const;
export const PARTS_A_ROW = Object.keys(PART).length;

/** The counted fields of a row. Throws a RangeError where the table has no such row. */
export function fieldsOf({ parts, rulings, hosts, tools, agents }: SumTable, row: number): CountedFields {
  const at = row * PARTS_A_ROW;
  const ruling = rulings[parts[at + PART.ruling] ?? -1];
  const to = hosts[parts[at + PART.host] ?? -1];
  if (!ruling || !to) throw new RangeError(`a table has no row ${row}`);
  const { system, kind, verdict, reason, interception } = ruling;
  return {
    system,
    kind,
    verdict,
    host: to.host,
    tool: tools[parts[at + PART.tool] ?? -1] ?? null,
    agent: agents[parts[at + PART.agent] ?? -1] ?? null,
    reason,
    interception,
    address: to.address,
  };
}

/** The sum of one row. */
export function sumOf(table: SumTable, row: number): EventSum {
  const sum = new EventSum(fieldsOf(table, row));
  sum.addRow(table, row);
  return sum;
}

/** The number of events in a table, and how many of them are decisions. */
export function totalsOf({ size, parts, cells, rulings }: SumTable): {
  readonly records: number;
  readonly decisions: number;
} {
  let [records, decisions] = [0, 0];
  for (let row = 0; row < size; row += 1) {
    const count = cells[row * CELLS_A_ROW + SUM_CELL.count] ?? 0;
    const ruling = rulings[parts[row * PARTS_A_ROW + PART.ruling] ?? -1];
    records += count;
    if (ruling && ruling.verdict !== null) decisions += count;
  }
  return { records, decisions };
}

/** The buffers of a table, to transfer them to another thread. */
export const memoryOf = ({ parts, cells, durationStarts, durations }: SumTable): ArrayBuffer[] => [
  parts.buffer,
  cells.buffer,
  durations.buffer,
  ...(durationStarts ? [durationStarts.buffer] : []),
];
