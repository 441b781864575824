import { VERDICTS, type Verdict } from '../../event.ts';
import { CELLS_A_ROW, EventSum, SUM_CELL, type CountedFields } from './event-sum.ts';
import { fieldsOf, PART, PARTS_A_ROW, sumOf, type SumTable } from './sum-table.ts';
import type { HostRow } from '../host-row.ts';
import { MISSING, type TrafficRow } from '../traffic-row.ts';

/** Where the rows of a table go. */
export interface TablePorts {
  /** Takes a sum that rules on nothing. */
  readonly noted: (sum: EventSum) => void;
  /** Takes many decisions, whatever their host. */
  readonly decided: (sum: EventSum, verdict: Verdict) => void;
  /** Takes each combination; null where nobody wants them. */
  readonly grouped: ((fields: CountedFields, verdict: Verdict, count: number) => void) | null;
  readonly host: (name: string) => HostRow;
  readonly tool: (name: string) => TrafficRow;
  readonly agent: (name: string) => TrafficRow;
  readonly namesPerHost: number;
}

/** Rows of a table, `to` not among them. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Adds rows of a table up host by host: each tally of a host is looked up once for a name, not once for each combination. No host may be
 * folded meanwhile. Names are met in the order in which the rows came, so that a limit keeps the same ones.
 */
export function addTable(table: SumTable, { from, to }: RowRange, ports: TablePorts): void {
  const hosts = new Map<string, { readonly to: HostRow; readonly rows: number[] }>();
  const [tools, agents] = [new Lumps(table, PART.tool), new Lumps(table, PART.agent)];
  for (let row = from; row < to; row += 1) {
    const { verdict } = table.rulings[partOf(table, row, PART.ruling)] ?? NO_RULING;
    if (verdict === null) {
      ports.noted(sumOf(table, row));
      continue;
    }
    const name = table.hosts[partOf(table, row, PART.host)]?.host ?? MISSING;
    let host = hosts.get(name);
    if (!host) hosts.set(name, (host = { to: ports.host(name), rows: [] }));
    host.rows.push(row);
    tools.add(row, verdict, place => ports.tool(table.tools[place] ?? MISSING));
    agents.add(row, verdict, place => ports.agent(table.agents[place] ?? MISSING));
    if (ports.grouped) ports.grouped(fieldsOf(table, row), verdict, countOf(table, row));
  }
  const perHost = new HostAdder(table, ports.namesPerHost);
  for (const host of hosts.values()) perHost.add(host.to, host.rows);
  tools.pour((tool, sum, verdict) => {
    tool.decidedAll(sum, verdict);
    ports.decided(sum, verdict);
  });
  agents.pour((agent, sum, verdict) => agent.decidedAll(sum, verdict));
}

const NO_RULING = { verdict: null };

const partOf = (table: SumTable, row: number, part: number): number =>
  table.parts[row * PARTS_A_ROW + part] ?? 0;

const countOf = (table: SumTable, row: number): number =>
  table.cells[row * CELLS_A_ROW + SUM_CELL.count] ?? 0;

/** Sums of the decisions with the same tool, or agent, and ruling. */
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
  readonly #tools: Ruled;
  readonly #agents: Ruled;

  constructor(table: SumTable, limit: number) {
    [this.#table, this.#limit] = [table, limit];
    this.#tools = new Ruled(table.tools);
    this.#agents = new Ruled(table.agents);
  }

  add(host: HostRow, rows: readonly number[]): void {
    const table = this.#table;
    const lumps = new Map<number, EventSum>();
    for (const row of rows) {
      const ruling = partOf(table, row, PART.ruling);
      let lump = lumps.get(ruling);
      if (!lump) lumps.set(ruling, (lump = new EventSum(fieldsOf(table, row))));
      lump.addRow(table, row);
      const { verdict } = lump.event;
      if (verdict === null) continue;
      const count = countOf(table, row);
      this.#tools.add(partOf(table, row, PART.tool), verdict, count);
      this.#agents.add(partOf(table, row, PART.agent), verdict, count);
      if (verdict === 'deny') host.deniedAll(fieldsOf(table, row), count, this.#limit);
      const { address } = table.hosts[partOf(table, row, PART.host)] ?? { address: null };
      if (address !== null) host.dialledAt(address, lastOf(table, row));
    }
    for (const lump of lumps.values())
      if (lump.event.verdict !== null) host.ruledAll(lump, lump.event.verdict, this.#limit);
    this.#tools.pour((name, verdict, count) => host.usedAll('tools', [name, verdict, count], this.#limit));
    this.#agents.pour((name, verdict, count) => host.usedAll('agents', [name, verdict, count], this.#limit));
  }
}

const lastOf = (table: SumTable, row: number): number =>
  table.cells[row * CELLS_A_ROW + SUM_CELL.last] ?? Number.NEGATIVE_INFINITY;

/** Decisions of one host by name and verdict. */
class Ruled {
  readonly #names: readonly (string | null)[];
  readonly #counts: Float64Array;
  readonly #touched: number[] = [];

  constructor(names: readonly (string | null)[]) {
    this.#names = names;
    this.#counts = new Float64Array(names.length * VERDICTS.length);
  }

  add(place: number, verdict: Verdict, count: number): void {
    const cell = place * VERDICTS.length + VERDICTS.indexOf(verdict);
    if (this.#counts[cell] === 0) this.#touched.push(cell);
    this.#counts[cell] = (this.#counts[cell] ?? 0) + count;
  }

  /** Hands all on and begins with nothing. */
  pour(to: (name: string, verdict: Verdict, count: number) => void): void {
    for (const cell of this.#touched) {
      const verdict = VERDICTS[cell % VERDICTS.length];
      const name = this.#names[Math.floor(cell / VERDICTS.length)] ?? MISSING;
      if (verdict !== undefined) to(name, verdict, this.#counts[cell] ?? 0);
      this.#counts[cell] = 0;
    }
    this.#touched.length = 0;
  }
}
