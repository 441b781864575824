import { Counts, type SummedCounts } from './counts.ts';
import { VERDICTS, type Verdict } from '../event.ts';
import { LIMITS } from '../limits.ts';
import { Names } from './names.ts';
import { Slab } from './slab.ts';
import { compareText, OTHER } from './tally.ts';
import { MISSING } from './traffic-row.ts';

/** The fields by which decisions can be grouped. */
export const GROUP_FIELDS = ['host', 'tool', 'agent'] as const;

/** A field by which decisions can be grouped. */
export type GroupField = (typeof GROUP_FIELDS)[number];

/** The decisions of one combination of names, in the order of the chosen fields. */
export interface Group {
  readonly names: readonly string[];
  readonly counts: SummedCounts;
}

/**
 * Decisions by each combination of the chosen fields. Combinations above the limit are counted as `(other)`, so that the sum is exact. A
 * combination takes about 110 bytes and the bytes of its names.
 */
export class Groups {
  readonly fields: readonly GroupField[];
  readonly #limit: number;
  readonly #names = new Names();
  readonly #rowByKey = new Map<string, number>();
  /** Row n of both slabs belongs to the same combination. */
  readonly #named: Slab;
  readonly #counts = Slab.ofDoubles(VERDICTS.length);
  /** Decisions counted as `(other)` because of the limit. */
  notKeptApart = 0;

  constructor(fields: readonly GroupField[], limit = LIMITS.groups) {
    [this.fields, this.#limit] = [fields, limit];
    this.#named = Slab.ofReferences(fields.length);
  }

  /** Adds decisions of one verdict to a combination. */
  add(of: Readonly<Record<GroupField, string | null>>, verdict: Verdict, times: number): void {
    this.#add(
      this.fields.map(field => of[field] ?? MISSING),
      verdict,
      times,
    );
  }

  #add(names: readonly string[], verdict: Verdict, times: number): void {
    this.#counts.add(this.#rowOf(names, times), VERDICTS.indexOf(verdict), times);
  }

  #rowOf(names: readonly string[], times: number): number {
    const known = this.#known(names);
    if (known !== undefined) return known;
    if (this.#rowByKey.size < this.#limit || names.every(name => name === OTHER)) return this.#newRow(names);
    this.notKeptApart += times;
    return this.#rowOf(
      names.map(() => OTHER),
      times,
    );
  }

  #known(names: readonly string[]): number | undefined {
    return this.#rowByKey.get(keyOf(names.map(name => this.#names.find(name))));
  }

  #newRow(names: readonly string[]): number {
    const numbers = names.map(name => this.#names.hold(name));
    const row = this.#named.take();
    this.#counts.take();
    for (const [column, number] of numbers.entries()) this.#named.set(row, column, number);
    this.#rowByKey.set(keyOf(numbers), row);
    return row;
  }

  /** Adds the counts of other groups over the same fields. */
  merge(newer: Groups): void {
    for (const { names, counts } of newer.ranked())
      for (const verdict of VERDICTS) if (counts[verdict] > 0) this.#add(names, verdict, counts[verdict]);
    this.notKeptApart += newer.notKeptApart;
  }

  /** The groups by total, largest first, then by name. */
  *ranked(): Generator<Group> {
    const rows = Uint32Array.from(this.#rowByKey.values());
    const totals = new Float64Array(rows.length + 1);
    for (const row of rows) totals[row] = this.#countsOf(row).total;
    rows.sort((one, other) => (totals[other] ?? 0) - (totals[one] ?? 0) || this.#compareNames(one, other));
    for (const row of rows) yield { names: this.#namesOf(row), counts: this.#countsOf(row) };
  }

  #compareNames(one: number, other: number): number {
    for (let column = 0; column < this.fields.length; column += 1) {
      const order = compareText(this.#nameAt(one, column), this.#nameAt(other, column));
      if (order !== 0) return order;
    }
    return 0;
  }

  readonly #nameAt = (row: number, column: number): string =>
    this.#names.nameOf(this.#named.get(row, column));

  #namesOf(row: number): readonly string[] {
    return this.fields.map((_, column) => this.#nameAt(row, column));
  }

  #countsOf(row: number): Counts {
    const counts = new Counts();
    for (const [place, verdict] of VERDICTS.entries()) counts.add(verdict, this.#counts.get(row, place));
    return counts;
  }
}

/** The key of names by their numbers. An unknown name has the number 0, which no stored key holds. */
const keyOf = (numbers: readonly number[]): string => numbers.join(' ');
