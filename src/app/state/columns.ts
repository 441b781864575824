import type { ScreenName } from './screen.ts';

/** The columns of a list that an operator wants, by their names, in their order. */
export type ColumnChoice = readonly string[];

/** The choice for each list; a list without one shows what it has room for. */
export type ColumnChoices = Readonly<Partial<Record<ScreenName, ColumnChoice>>>;
