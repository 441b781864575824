import { compareText } from '../core/tally.ts';

interface Named {
  readonly name: string;
}

/**
 * The rows of a growing map by name, each in the place it keeps while others come. The fast way to put 200,000 rows in order by a
 * number and then by name: names are compared once, when a row is new (measured: 30 ms instead of 500 with a comparison of both).
 */
export class NamedRows<Row extends Named> {
  readonly #rows: ReadonlyMap<string, Row>;
  #sorted: readonly Row[] = [];
  /** How many times rows were taken out of the map when it was looked at last. */
  #removals = 0;

  constructor(rows: ReadonlyMap<string, Row>) {
    this.#rows = rows;
  }

  /** The rows from a to z. `removals` changes whenever rows were taken out of the map. */
  sorted(removals: number): readonly Row[] {
    const isStart = removals !== this.#removals;
    if (isStart) this.#sorted = [];
    this.#removals = removals;
    // a map tells its rows in the order they came
    const fresh = [...this.#rows.values()].slice(this.#sorted.length).sort(byName);
    if (fresh.length > 0) this.#sorted = merged(this.#sorted, fresh);
    return this.#sorted;
  }
}

const byName = (one: Named, other: Named): number => compareText(one.name, other.name);

function merged<Row extends Named>(one: readonly Row[], other: readonly Row[]): readonly Row[] {
  const all: Row[] = [];
  let index = 0;
  for (const row of other) {
    for (let next = one[index]; next && next.name < row.name; next = one[index]) {
      all.push(next);
      index += 1;
    }
    all.push(row);
  }
  for (; index < one.length; index += 1) all.push(one[index] as Row); // the loop keeps inside
  return all;
}

/** The rows by `measure`, smallest first; equal ones stay as they are. Numbers are sorted as numbers, without calling back. */
export function sortedBy<Row>(rows: readonly Row[], measure: (row: Row) => number): readonly Row[] {
  const values = Float64Array.from(rows, measure);
  const sorted = values.toSorted();
  const places = values.map((value, index) => placeOf(value, sorted) * rows.length + index).sort();
  return Array.from(places, place => rows[place % rows.length] as Row); // the remainder is an index
}

/** The first place of a value among sorted ones. (A Map of each value's place took twice the time of both sorts.) */
function placeOf(value: number, sorted: Float64Array): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? value) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
