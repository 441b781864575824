import type { State } from './state.ts';

/** The smallest terminal in which the screen is drawn. */
export const LEAST = { columns: 80, rows: 24 } as const;

/** Whether there is no room for the screen: nothing is shown then, and nothing may be ruled unseen. */
export const isTooSmall = ({ columns, rows }: Pick<State, 'columns' | 'rows'>): boolean =>
  columns < LEAST.columns || rows < LEAST.rows;
