import type { ColumnChoice } from '../../state/columns.ts';
import type { Column, ColumnHead } from './table.ts';

/** Names for titles that are more than one word, or that change with what the list counts. */
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

/** The name by which an operator chooses a column: its title in small letters, with `-` for blanks. Empty for a column without a title. */
export const columnName = ({ title }: Pick<ColumnHead, 'title'>): string =>
  NAMES[title] ?? title.toLowerCase().replaceAll(' ', '-');

/** Columns that come and go with what happens. They are shown while there is something to show in them, whatever was chosen. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['', 'edit', 'draft', 'times', 'other']);

/** Whether a column can be chosen. */
export const isChoosable = (name: string): boolean => !OF_THE_MOMENT.has(name);

/** The columns that were chosen, in their order; those of the moment stay where they were. Where there is no room, the last ones go first. */
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
