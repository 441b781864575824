const MIB = 1024 * 1024;

/** How a large log is portioned out; bytes. */
export interface Portions {
  /** A log with no more than this is read from its start on: that takes a quarter of a second. */
  readonly large: number;
  /** So much is decoded first: more lines than a screen keeps. */
  readonly newest: number;
  /** Sums of the older lines are added up block by block. Small blocks add up little; large ones stop the screen. */
  readonly block: number;
  /** Counted in 4 ms: no key waits longer. */
  readonly chunk: number;
}

/** The portions of a program that runs on any machine. */
export const PORTIONS: Portions = { large: 16 * MIB, newest: 8 * MIB, block: 64 * MIB, chunk: MIB };
