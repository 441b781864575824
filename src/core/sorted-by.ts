/** The rows by `measure`, smallest first; equal ones stay as they are. Numbers are sorted as numbers, without a comparison callback. */
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
