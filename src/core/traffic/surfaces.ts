import { Tally, type NameCounts } from './tally.ts';

/** On which surfaces each tool was seen without a decision on egress, as an audit line or a firewall row of another surface. */
export class Surfaces {
  readonly #byTool = new Map<string, Tally>();

  /** How many tools were seen on any. */
  get size(): number {
    return this.#byTool.size;
  }

  /** Records by surface; null for a tool that was not seen on any. */
  of(tool: string): NameCounts | null {
    return this.#byTool.get(tool) ?? null;
  }

  /** Keeps at most `limit` surfaces of a tool beside `(other)`. The caller bounds the tools. */
  add(tool: string, [surface, count]: readonly [string, number], limit: number): void {
    let tally = this.#byTool.get(tool);
    if (!tally) this.#byTool.set(tool, (tally = new Tally()));
    tally.add(surface, count, limit);
  }

  entries(): Iterable<readonly [string, NameCounts]> {
    return this.#byTool.entries();
  }
}
