import { OTHER } from '../../traffic/tally.ts';
import { MISSING } from '../../traffic/traffic-row.ts';
import { MachineIndex } from '../../traffic/machine-index.ts';
import type { Traffic } from '../../traffic/traffic.ts';
import type { CounterRow } from './counter-document.ts';
import type { GrowthListener } from './fleet-counters.ts';

/** The system of all counters: they do not hold which mediator ruled. */
const SYSTEM = 'fleet';

/** Adds the counts that machines publish to the aggregate that `count` passes to its callback. The totals are the machines' own. */
export const countInto = (count: (work: (traffic: Traffic) => void) => void): GrowthListener => ({
  grown: (machine, rows) => {
    if (rows.length === 0) return;
    count(traffic => {
      for (const row of rows) countRow(traffic, machine, row);
    });
  },
  folded: (_, rows) => {
    if (rows.length === 0) return;
    count(traffic => {
      for (const row of rows)
        traffic.addFolded({ ...summed(row), event: eventOf({ ...row, tool: OTHER, agent: OTHER }) });
    });
  },
});

function countRow(traffic: Traffic, machine: string, row: CounterRow): void {
  const { host, verdict, count, first, last } = row;
  traffic.addSum(summed(row));
  if (verdict === null || count === 0) return;
  traffic.machines ??= new MachineIndex();
  traffic.machines.add(host ?? MISSING, machine, { verdict, count, first, last });
}

const summed = (row: CounterRow) => ({
  event: eventOf(row),
  count: row.count,
  bytes: row.bytes,
  durations: null,
  first: row.first,
  last: row.last,
  status: null,
});

const eventOf = ({
  host,
  tool,
  agent,
  verdict,
}: Pick<CounterRow, 'host' | 'tool' | 'agent' | 'verdict'>) => ({
  system: SYSTEM,
  kind: '',
  verdict,
  host,
  tool,
  agent,
  reason: null,
  interception: null,
  address: null,
});
