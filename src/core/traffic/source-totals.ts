import { grouped, plural } from '../grouped.ts';
import { OTHER } from './tally.ts';

/** The counts of one source. */
export interface SourceTotal {
  /** All lines, valid or not. */
  readonly lines: number;
  /** All records, including those of unknown systems and those that no one asked for. */
  readonly records: number;
  readonly decisions: number;
  /** Records without a readable time, which a time window therefore excluded. */
  readonly untimed: number;
}

const NONE: SourceTotal = { lines: 0, records: 0, decisions: 0, untimed: 0 };

/** From this many records on, having no decision is no accident. */
const RECORDS_ENOUGH = 20;

/** Why a source with these records is probably the wrong log; null where it may be the right one. */
export const silenceWhy = ({
  records,
  decisions,
}: Pick<SourceTotal, 'records' | 'decisions'>): string | null =>
  records < RECORDS_ENOUGH || decisions > 0 ? null : `${grouped(records)} records and not one decision`;

/** Advice on where to find the right log. */
export const SILENCE_REMEDY =
  '`egresstop log` shows the records, `egresstop help systems` the logs with decisions';

/** A note about records that a time window excluded because their time was unreadable; null without such records. */
export const untimedNote = (count: number): string | null =>
  count === 0
    ? null
    : `${plural(count, 'record')} ${count === 1 ? 'has' : 'have'} no readable time: --since and --until left ${count === 1 ? 'it' : 'them'} out`;

/** The counts of each source. Sources above `limit` are counted as `(other)`. */
export class SourceTotals {
  readonly #totals = new Map<string, SourceTotal>();
  readonly #through = new Map<string, readonly string[]>();

  /** The formats that wrap the records of each source. */
  get through(): ReadonlyMap<string, readonly string[]> {
    return this.#through;
  }

  /**
   * Notes a format that wraps the records of a source. Returns whether it was new, because each reader of a part of the source reports it.
   */
  addThrough(source: string, by: string, limit: number): boolean {
    const known = this.#through.get(source) ?? [];
    if (known.includes(by)) return false;
    if (known.length > 0 || this.#through.size < limit) this.#through.set(source, [...known, by]);
    return true;
  }

  add(source: string, found: Partial<SourceTotal>, limit: number): void {
    const kept = this.#totals.size < limit || this.#totals.has(source) ? source : OTHER;
    const { lines, records, decisions, untimed } = this.get(kept);
    this.#totals.set(kept, {
      lines: lines + (found.lines ?? 0),
      records: records + (found.records ?? 0),
      decisions: decisions + (found.decisions ?? 0),
      untimed: untimed + (found.untimed ?? 0),
    });
  }

  merge(other: SourceTotals, limit: number): void {
    for (const [source, total] of other.entries()) this.add(source, total, limit);
    for (const [source, ways] of other.through) for (const by of ways) this.addThrough(source, by, limit);
  }

  /** The counts of a source; all zero for a source that was not read. */
  get(source: string): SourceTotal {
    return this.#totals.get(source) ?? NONE;
  }

  /** The sum of `untimed` over all sources. */
  get untimed(): number {
    let sum = 0;
    for (const { untimed } of this.#totals.values()) sum += untimed;
    return sum;
  }

  /** Sources with their counts, in the order of their first record. */
  entries(): Iterable<readonly [string, SourceTotal]> {
    return this.#totals.entries();
  }
}
