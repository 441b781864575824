/** The rows by `measure`, smallest first. Equal rows keep their order. Sorts typed arrays of numbers, which need no comparison callback. */
export function sortedBy<Row>(rows: readonly Row[], measure: (row: Row) => number): readonly Row[] {
  const values = Float64Array.from(rows, measure);
  const sorted = values.toSorted();
  const places = values.map((value, index) => placeOf(value, sorted) * rows.length + index).sort();
  return Array.from(places, place => rows[place % rows.length] as Row); // the remainder is an index
}

/** The first index of a value in a sorted array. (A Map from each value to its index took twice the time of both sorts.) */
function placeOf(value: number, sorted: Float64Array): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? value) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
