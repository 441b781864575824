import type { ColumnChoice } from '../../state/columns.ts';
import type { Column, ColumnHead } from './table.ts';

/** The names of columns whose titles have several words or vary with the list. */
const NAMES: Readonly<Record<string, string>> = {
  'LAST UTC': 'last',
  'HOST LAST': 'last',
  'FIRST UTC': 'first',
  'HOST FIRST': 'first',
  'DENIED UTC': 'denied',
  'HOST DENIED': 'denied',
  UTC: 'time',
  TIME: 'duration',
  'ENTRY (+ add, − remove)': 'entry',
  'ENDS / REMARK': 'remark',
};

/** The name of a column in the configuration: its title in lower case with `-` for blanks. Empty without a title. */
export const columnName = ({ title }: Pick<ColumnHead, 'title'>): string =>
  NAMES[title] ?? title.toLowerCase().replaceAll(' ', '-');

/** Columns that appear only while they have content. They cannot be chosen or hidden. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['', 'edit', 'draft', 'times', 'other']);

/** Whether a column can be chosen. */
export const isChoosable = (name: string): boolean => !OF_THE_MOMENT.has(name);

/**
 * The chosen columns in their order. Columns that cannot be chosen keep their place. In a narrow terminal the last ones are dropped first.
 */
export function chosenColumns<Row>(
  columns: readonly Column<Row>[],
  choice: ColumnChoice | undefined,
): readonly Column<Row>[] {
  if (!choice) return columns;
  const named = choice.flatMap(name => columns.filter(column => columnName(column) === name));
  if (named.length === 0) return columns;
  const chosen = named.map((column, index) => ({ ...column, priority: index }));
  for (const [place, column] of columns.entries())
    if (!isChoosable(columnName(column))) chosen.splice(Math.min(place, chosen.length), 0, column);
  return chosen;
}
