import { Tally, type NameCounts } from './tally.ts';

/** The surfaces of records that name a tool and are no decision on egress. Such a record is an audit line or a row of a tool firewall. */
export class Surfaces {
  readonly #byTool = new Map<string, Tally>();

  /** The number of tools with such records. */
  get size(): number {
    return this.#byTool.size;
  }

  /** Records by surface; null for a tool without such records. */
  of(tool: string): NameCounts | null {
    return this.#byTool.get(tool) ?? null;
  }

  /** Adds records. A tool keeps at most `limit` surfaces besides `(other)`. The caller limits the number of tools. */
  add(tool: string, [surface, count]: readonly [string, number], limit: number): void {
    let tally = this.#byTool.get(tool);
    if (!tally) this.#byTool.set(tool, (tally = new Tally()));
    tally.add(surface, count, limit);
  }

  entries(): Iterable<readonly [string, NameCounts]> {
    return this.#byTool.entries();
  }
}
