import type { Limits } from '../limits.ts';
import { HostRow } from './host-row.ts';
import { RowStore } from './row-store.ts';
import { OTHER } from './tally.ts';
import { TrafficRow } from './traffic-row.ts';

/** The share of hosts that is folded at once when there are too many. The cost of folding is then O(1) a host. */
const FOLDED_AT_ONCE = 0.05;

/**
 * The rows of hosts, tools and agents by name. Above their limit the quietest hosts are folded into one row. Further tools share one row,
 * and so do further agents.
 */
export class NamedRows {
  readonly #store: RowStore;
  readonly #limits: Limits;
  readonly hosts = new Map<string, HostRow>();
  readonly tools = new Map<string, TrafficRow>();
  readonly agents = new Map<string, TrafficRow>();
  /** The row of all folded hosts, and how often a host was folded. */
  readonly evicted: { readonly row: HostRow; hosts: number };

  constructor(limits: Limits, keepsDenials: boolean) {
    this.#limits = limits;
    this.#store = new RowStore(keepsDenials);
    this.evicted = { row: new HostRow('(evicted)', this.#store), hosts: 0 };
  }

  /** The row of a host. Making a new row may fold other hosts. */
  host(name: string): HostRow {
    let row = this.hosts.get(name);
    if (!row) {
      if (this.hosts.size >= this.#limits.hosts) this.#fold();
      this.hosts.set(name, (row = new HostRow(name, this.#store)));
    }
    return row;
  }

  /** The row of a tool, or the shared row of further tools. */
  tool(name: string): TrafficRow {
    return this.#rowOf(this.tools, name);
  }

  /** The row of an agent, or the shared row of further agents. */
  agent(name: string): TrafficRow {
    return this.#rowOf(this.agents, name);
  }

  #rowOf(rows: Map<string, TrafficRow>, name: string): TrafficRow {
    const known = rows.get(name);
    if (known) return known;
    const kept = rows.size < this.#limits.names ? name : OTHER;
    const row = rows.get(kept) ?? new TrafficRow(kept, this.#store);
    rows.set(kept, row);
    return row;
  }

  /** Folds the quietest hosts (fewest decisions, then longest silent) into the evicted row. */
  #fold(): void {
    const quietest = [...this.hosts.values()].sort(
      (one, other) => one.counts.total - other.counts.total || (one.last ?? 0) - (other.last ?? 0),
    );
    for (const row of quietest.slice(0, Math.ceil(this.#limits.hosts * FOLDED_AT_ONCE))) {
      this.evicted.row.absorb(row, this.#limits.namesPerHost);
      this.evicted.hosts += 1;
      this.hosts.delete(row.name);
      row.forget();
    }
  }

  /** Adds the rows of another aggregate with newer events. The other aggregate must not be used afterwards. */
  merge(newer: NamedRows): void {
    const { namesPerHost } = this.#limits;
    for (const row of newer.hosts.values()) this.host(row.name).absorb(row, namesPerHost);
    for (const row of newer.tools.values()) this.tool(row.name).merge(row);
    for (const row of newer.agents.values()) this.agent(row.name).merge(row);
    this.evicted.row.absorb(newer.evicted.row, namesPerHost);
    this.evicted.hosts += newer.evicted.hosts;
  }
}
