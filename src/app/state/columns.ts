import type { ScreenName } from './screen.ts';

/** The names of the columns that the operator chose for a list, in their order. */
export type ColumnChoice = readonly string[];

/** The chosen columns of each list. A list without a choice shows as many columns as fit. */
export type ColumnChoices = Readonly<Partial<Record<ScreenName, ColumnChoice>>>;
