/** The most typing errors that a word may have. */
const MOST_ERRORS = 3;
/** The least share of the longer word that must be right. */
const LEAST_SHARE = 0.5;

/** The known word with the fewest typing errors, the first of several. Null where no word is near enough. */
export function nearWord(word: string, known: readonly string[]): string | null {
  const near = known
    .map(other => ({ other, errors: typingErrors(word.toLowerCase(), other.toLowerCase()) }))
    .filter(
      ({ other, errors }) =>
        errors <= MOST_ERRORS && errors < Math.max(word.length, other.length) * (1 - LEAST_SHARE),
    )
    .sort((one, other) => one.errors - other.errors);
  return near[0]?.other ?? null;
}

/** The optimal string alignment distance: letters added, omitted, changed, or swapped with their neighbour. */
function typingErrors(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_ERRORS) return MOST_ERRORS + 1; // also bounds the work on a hostile word
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          row > 1 && column > 1 && isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length);
}
