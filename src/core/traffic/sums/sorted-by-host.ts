import { CELLS_A_ROW } from './event-sum.ts';
import { PART, PARTS_A_ROW, type SumTable } from './sum-table.ts';

/**
 * The same table with the rows of each host side by side, so that adding few rows looks up few hosts. Hosts are in the order of the table's
 * list, and the rows of a host keep their order.
 */
export function sortedByHost(table: SumTable): SumTable {
  const { size, durationStarts } = table;
  const order = orderOf(table);
  const parts = new Uint32Array(size * PARTS_A_ROW);
  const cells = new Float64Array(size * CELLS_A_ROW);
  for (let at = 0; at < size; at += 1) {
    const row = order[at] as number;
    for (let part = 0; part < PARTS_A_ROW; part += 1)
      parts[at * PARTS_A_ROW + part] = table.parts[row * PARTS_A_ROW + part] as number;
    for (let cell = 0; cell < CELLS_A_ROW; cell += 1)
      cells[at * CELLS_A_ROW + cell] = table.cells[row * CELLS_A_ROW + cell] as number;
  }
  const durations = durationStarts
    ? durationsIn(order, { starts: durationStarts, durations: table.durations })
    : {};
  return { ...table, parts, cells, ...durations };
}

/** The row numbers sorted by the index of their host. */
function orderOf({ size, parts, hosts }: SumTable): Uint32Array {
  const hostOf = (row: number): number => parts[row * PARTS_A_ROW + PART.host] as number;
  const starts = new Uint32Array(hosts.length + 1);
  for (let row = 0; row < size; row += 1) {
    const next = hostOf(row) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let host = 1; host < starts.length; host += 1)
    starts[host] = (starts[host] as number) + (starts[host - 1] as number);
  const order = new Uint32Array(size);
  for (let row = 0; row < size; row += 1) {
    const host = hostOf(row);
    const at = starts[host] as number;
    order[at] = row;
    starts[host] = at + 1;
  }
  return order;
}

interface DurationPairs {
  readonly starts: Uint32Array;
  readonly durations: Uint32Array<ArrayBuffer>;
}

function durationsIn(
  order: Uint32Array,
  { starts, durations }: DurationPairs,
): Pick<SumTable, 'durationStarts' | 'durations'> {
  const durationStarts = new Uint32Array(starts.length);
  const sorted = new Uint32Array(durations.length);
  let size = 0;
  order.forEach((row, at) => {
    durationStarts[at] = size;
    const pairs = durations.subarray(2 * (starts[row] as number), 2 * (starts[row + 1] as number));
    sorted.set(pairs, 2 * size);
    size += pairs.length / 2;
  });
  durationStarts[order.length] = size;
  return { durationStarts, durations: sorted };
}
