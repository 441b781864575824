/** One line of the benchmark: what was measured, against what, and whether the budget of the row was kept. */
export interface Row {
  readonly what: string;
  readonly subject: string;
  readonly peer: string;
  /** How the two compare, as a person reads it. */
  readonly ratio: string;
  /** `-` where nothing was promised: the row is there for context. */
  readonly budget: string;
  /** Null where the row has no budget, or could not be measured: then `peer` or `subject` says why. */
  readonly isKept: boolean | null;
}

/** A family of rows that can be asked for by name: `npm run bench -- report`. */
export interface Bench {
  readonly name: string;
  readonly rows: () => Promise<readonly Row[]>;
}

export const NO_PEER = { peer: '-', ratio: '-' } as const;

/** How a row came out, in the words of the table. */
export const verdictOf = ({ isKept, budget }: Row): string =>
  isKept === null ? (budget === '-' ? 'for context' : 'not measured') : isKept ? 'pass' : 'FAIL';

/** A row whose 99th percentile has to stay below so many milliseconds. */
export const within = (what: string, values: readonly number[], budgetMs: number): Row => ({
  what,
  subject: `p50 ${quantile(values, 0.5).toFixed(0)} ms, p99 ${quantile(values, 0.99).toFixed(0)} ms of ${values.length}`,
  ...NO_PEER,
  budget: `p99 ≤ ${budgetMs} ms`,
  isKept: quantile(values, 0.99) <= budgetMs,
});

/** The row of something that could not be measured: never a pass. */
export const notMeasured = (what: string, budget: string, why: string): Row => ({
  what,
  subject: '-',
  peer: why,
  ratio: '-',
  budget,
  isKept: null,
});

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
