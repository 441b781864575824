/** One line of the benchmark: what was measured, against what, and whether the budget of the row was kept. */
export interface Row {
  readonly what: string;
  readonly subject: string;
  readonly peer: string;
  /** How the two compare, as a person reads it. */
  readonly ratio: string;
  readonly budget: string;
  /** Null where the peer is not there, so that nothing can be said. */
  readonly isKept: boolean | null;
}

/** A family of rows that can be asked for by name: `npm run bench -- report`. */
export interface Bench {
  readonly name: string;
  readonly rows: () => Promise<readonly Row[]>;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
