import { PART, PARTS_A_ROW, type RowRange, type SumTable } from './sum-table.ts';

/** The rows of a table grouped by host. Hosts stand in the order of their first row, and the rows of a host in the order of the table. */
export class RowsByHost {
  readonly #table: SumTable;
  readonly #from: number;
  /** For each row, the number of its host, from 1; 0 without a host. */
  readonly #hostOf: Uint32Array;
  /** For each index in the table's list of hosts, the number of the host. Two indices may be one host with two addresses. */
  readonly #hostAt: Uint32Array;
  readonly #numbers = new Map<string, number>();
  /** The number of rows of each host. */
  readonly #sizes: number[] = [];

  constructor(table: SumTable, { from, to }: RowRange) {
    [this.#table, this.#from] = [table, from];
    this.#hostOf = new Uint32Array(to - from);
    this.#hostAt = new Uint32Array(table.hosts.length);
  }

  /** Adds a row. `nameOf` returns the name at an index in the list of hosts. */
  add(row: number, nameOf: (place: number) => string): void {
    const place = this.#table.parts[row * PARTS_A_ROW + PART.host] as number;
    const host = this.#hostAt[place] || (this.#hostAt[place] = this.#numbered(nameOf(place)));
    this.#hostOf[row - this.#from] = host;
    this.#sizes[host - 1] = (this.#sizes[host - 1] as number) + 1;
  }

  #numbered(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#sizes.push(0));
    return this.#sizes.length;
  }

  /** Calls `tell` for each host with the host's rows. */
  each(tell: (name: string, rows: Uint32Array) => void): void {
    const hosts = this.#sizes.length;
    const ends = new Uint32Array(hosts);
    for (let host = 1; host < hosts; host += 1)
      ends[host] = (ends[host - 1] as number) + (this.#sizes[host - 1] as number);
    const rows = new Uint32Array(this.#hostOf.length);
    for (let at = 0; at < this.#hostOf.length; at += 1) {
      const host = this.#hostOf[at] as number;
      if (host === 0) continue;
      const end = ends[host - 1] as number;
      rows[end] = this.#from + at;
      ends[host - 1] = end + 1;
    }
    for (const [name, host] of this.#numbers) {
      const end = ends[host - 1] as number;
      tell(name, rows.subarray(end - (this.#sizes[host - 1] as number), end));
    }
  }
}
