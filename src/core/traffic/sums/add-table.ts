import type { Verdict } from '../../event.ts';
import { CELLS_A_ROW, EventSum, SUM_CELL, type CountedFields } from './event-sum.ts';
import { RowsByHost } from './rows-by-host.ts';
import { fieldsOf, PART, PARTS_A_ROW, sumOf, type RowRange, type SumTable } from './sum-table.ts';
import type { HostRow } from '../host-row.ts';
import { MISSING, type TrafficRow } from '../traffic-row.ts';

/** The receivers of a table's rows. */
export interface TablePorts {
  /** Receives a sum of events that are no decisions. */
  readonly noted: (sum: EventSum) => void;
  /** Receives the sum of many decisions, independent of their hosts. */
  readonly decided: (sum: EventSum, verdict: Verdict) => void;
  /** Receives each combination of fields; null where combinations are not needed. */
  readonly grouped: ((fields: CountedFields, verdict: Verdict, count: number) => void) | null;
  readonly host: (name: string) => HostRow;
  readonly tool: (name: string) => TrafficRow;
  readonly agent: (name: string) => TrafficRow;
  readonly namesPerHost: number;
}

/**
 * Adds up the rows of a table, host by host. This needs one lookup of a host's tally for each name, not for each combination. No host may
 * be folded meanwhile. Names are added in the order of the rows, so that a limit keeps the same names.
 */
export function addTable(table: SumTable, range: RowRange, ports: TablePorts): void {
  const hosts = new RowsByHost(table, range);
  const hostAt = (place: number): string => table.hosts[place]?.host ?? MISSING;
  const toolAt = (place: number): TrafficRow => ports.tool(table.tools[place] ?? MISSING);
  const agentAt = (place: number): TrafficRow => ports.agent(table.agents[place] ?? MISSING);
  const [tools, agents] = [new Lumps(table, PART.tool), new Lumps(table, PART.agent)];
  for (let row = range.from; row < range.to; row += 1) {
    const verdict = verdictOf(table, row);
    if (verdict === null) {
      ports.noted(sumOf(table, row));
      continue;
    }
    hosts.add(row, hostAt);
    tools.add(row, verdict, toolAt);
    agents.add(row, verdict, agentAt);
    if (ports.grouped) ports.grouped(fieldsOf(table, row), verdict, countOf(table, row));
  }
  const perHost = new HostAdder(table, ports.namesPerHost);
  hosts.each((name, rows) => perHost.add(ports.host(name), rows));
  tools.pour((tool, sum, verdict) => {
    tool.decidedAll(sum, verdict);
    ports.decided(sum, verdict);
  });
  agents.pour((agent, sum, verdict) => agent.decidedAll(sum, verdict));
}

const verdictOf = (table: SumTable, row: number): Verdict | null =>
  table.rulings[partOf(table, row, PART.ruling)]?.verdict ?? null;

const partOf = (table: SumTable, row: number, part: number): number =>
  table.parts[row * PARTS_A_ROW + part] ?? 0;

const countOf = (table: SumTable, row: number): number =>
  table.cells[row * CELLS_A_ROW + SUM_CELL.count] ?? 0;

const lastOf = (table: SumTable, row: number): number =>
  table.cells[row * CELLS_A_ROW + SUM_CELL.last] ?? Number.NEGATIVE_INFINITY;

/** Sums of the decisions with the same tool, or the same agent, and the same ruling. */
class Lumps {
  readonly #table: SumTable;
  readonly #part: number;
  readonly #rows: (TrafficRow | undefined)[] = [];
  readonly #lumps = new Map<
    number,
    { readonly to: TrafficRow; readonly verdict: Verdict; readonly sum: EventSum }
  >();

  constructor(table: SumTable, part: number) {
    [this.#table, this.#part] = [table, part];
  }

  add(row: number, verdict: Verdict, rowOf: (place: number) => TrafficRow): void {
    const table = this.#table;
    const place = partOf(table, row, this.#part);
    const to = (this.#rows[place] ??= rowOf(place));
    const key = place * table.rulings.length + partOf(table, row, PART.ruling);
    let lump = this.#lumps.get(key);
    if (!lump) this.#lumps.set(key, (lump = { to, verdict, sum: new EventSum(fieldsOf(table, row)) }));
    lump.sum.addRow(table, row);
  }

  pour(into: (to: TrafficRow, sum: EventSum, verdict: Verdict) => void): void {
    for (const { to, verdict, sum } of this.#lumps.values()) into(to, sum, verdict);
  }
}

/** Adds the rows of one host after the other. */
class HostAdder {
  readonly #table: SumTable;
  readonly #limit: number;
  readonly #tools: Used;
  readonly #agents: Used;

  constructor(table: SumTable, limit: number) {
    [this.#table, this.#limit] = [table, limit];
    this.#tools = new Used(table.tools);
    this.#agents = new Used(table.agents);
  }

  add(host: HostRow, rows: Uint32Array): void {
    const table = this.#table;
    const lumps = new Map<number, EventSum>();
    for (const row of rows) {
      const ruling = partOf(table, row, PART.ruling);
      let lump = lumps.get(ruling);
      if (!lump) lumps.set(ruling, (lump = new EventSum(fieldsOf(table, row))));
      lump.addRow(table, row);
      const count = countOf(table, row);
      this.#tools.add(ruling, partOf(table, row, PART.tool), count);
      this.#agents.add(ruling, partOf(table, row, PART.agent), count);
      const { address } = table.hosts[partOf(table, row, PART.host)] ?? { address: null };
      if (address !== null) host.dialledAt(address, lastOf(table, row));
    }
    const denials = new Map<number, number>();
    for (const [ruling, { event, count }] of lumps)
      if (event.verdict === 'deny') denials.set(ruling, host.deniedMany(event, count, this.#limit));
    for (const lump of lumps.values())
      if (lump.event.verdict !== null) host.ruledAll(lump, lump.event.verdict, this.#limit);
    this.#pour(host, 'tools', denials);
    this.#pour(host, 'agents', denials);
  }

  #pour(host: HostRow, by: 'tools' | 'agents', denials: ReadonlyMap<number, number>): void {
    const { rulings } = this.#table;
    (by === 'tools' ? this.#tools : this.#agents).pour((name, ruling, count) => {
      const verdict = rulings[ruling]?.verdict ?? null;
      if (verdict !== null) host.usedAll(by, [name, verdict, count], this.#limit);
      const denial = denials.get(ruling);
      if (denial) host.deniedBy(denial, by, [name, count], this.#limit);
    });
  }
}

/** Decisions of one host by ruling and name, in the order of their first row. */
class Used {
  readonly #names: readonly (string | null)[];
  readonly #places = new Map<number, number>();
  readonly #keys: number[] = [];
  readonly #counts: number[] = [];

  constructor(names: readonly (string | null)[]) {
    this.#names = names;
  }

  add(ruling: number, place: number, count: number): void {
    const key = ruling * this.#names.length + place;
    const at = this.#places.get(key);
    if (at === undefined) {
      this.#places.set(key, this.#keys.push(key) - 1);
      this.#counts.push(count);
    } else this.#counts[at] = (this.#counts[at] as number) + count;
  }

  /** Passes all counts to `to` and starts again from zero. */
  pour(to: (name: string, ruling: number, count: number) => void): void {
    const { length } = this.#names;
    for (let at = 0; at < this.#keys.length; at += 1) {
      const key = this.#keys[at] as number;
      const place = key % length;
      to(this.#names[place] ?? MISSING, (key - place) / length, this.#counts[at] as number);
    }
    this.#places.clear();
    this.#keys.length = 0;
    this.#counts.length = 0;
  }
}

/** Whether the rows may hold so many new hosts that hosts must be folded. */
export function mayFold(
  { parts, hosts: named }: SumTable,
  { from, to }: RowRange,
  { hosts, limit }: { readonly hosts: ReadonlyMap<string, unknown>; readonly limit: number },
): boolean {
  let room = limit - hosts.size;
  for (let row = from; row < to && room < to - from; row += 1) {
    const name = named[parts[row * PARTS_A_ROW + PART.host] ?? -1]?.host ?? MISSING;
    if (!hosts.has(name)) room -= 1;
  }
  return room < 0;
}
