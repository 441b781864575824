import { grouped, plural } from '../grouped.ts';
import { OTHER } from './tally.ts';

/** The counts of one source. */
export interface SourceTotal {
  /** Valid or not. */
  readonly lines: number;
  /** Those of no known system included, whether they are wanted or not. */
  readonly records: number;
  readonly decisions: number;
  /** Records that a window of time left out because their own time cannot be read. */
  readonly untimed: number;
}

const NONE: SourceTotal = { lines: 0, records: 0, decisions: 0, untimed: 0 };

/** So many records without one decision are no accident. */
const RECORDS_ENOUGH = 20;

/** Why a source that holds these records is probably not the log that was meant; null where it may well be. */
export const silenceWhy = ({
  records,
  decisions,
}: Pick<SourceTotal, 'records' | 'decisions'>): string | null =>
  records < RECORDS_ENOUGH || decisions > 0 ? null : `${grouped(records)} records and not one decision`;

/** Where to look for the log that was meant. */
export const SILENCE_REMEDY =
  '`egresstop log` shows the records, `egresstop help systems` the logs with decisions';

/** The note about records that a window left out because their time could not be read; null where there are none. */
export const untimedNote = (count: number): string | null =>
  count === 0
    ? null
    : `${plural(count, 'record')} ${count === 1 ? 'has' : 'have'} no readable time: --since and --until left ${count === 1 ? 'it' : 'them'} out`;

/** Adds up what was read of each source. Further sources than `limit` are added up as `(other)`. */
export class SourceTotals {
  readonly #totals = new Map<string, SourceTotal>();
  readonly #through = new Map<string, readonly string[]>();

  /** The wrapping of a source's records, by source. */
  get through(): ReadonlyMap<string, readonly string[]> {
    return this.#through;
  }

  /** Notes what stands around the records of a source. Whether it was not known: each reader of a part of the source tells it. */
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

  /** All zero for a source that was not read. */
  get(source: string): SourceTotal {
    return this.#totals.get(source) ?? NONE;
  }

  /** Of all sources together. */
  get untimed(): number {
    let sum = 0;
    for (const { untimed } of this.#totals.values()) sum += untimed;
    return sum;
  }

  /** Source and total, in the order in which the sources came. */
  entries(): Iterable<readonly [string, SourceTotal]> {
    return this.#totals.entries();
  }
}
