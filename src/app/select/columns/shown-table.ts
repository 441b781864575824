import type { ShownTable } from '../../../core/export/shown-table.ts';
import { toIso } from '../../../core/time.ts';
import type { ViewInput } from '../../lists/derived.ts';
import { columnName } from './column-choice.ts';
import type { Column } from './table.ts';

/** All rows of a list with these columns, in the order of the screen. Numbers and times are exact, and a dot or a dash becomes null. */
export function shownTable<Row>(
  { state, order }: Pick<ViewInput, 'state' | 'order'>,
  columns: readonly Column<Row>[],
  find: (key: string) => Row | undefined,
): ShownTable {
  const { screen, filter, lists, now } = state;
  const titled = columns.filter(({ title }) => title !== '');
  const sort = filter.isRanked ? 'best match' : `${lists[screen].isReversed ? '-' : ''}${lists[screen].sort}`;
  return {
    title: screen,
    facts: [
      ['filter', filter.text === '' ? 'none' : `/${filter.text}`],
      ['sort', sort],
      ['at', toIso(now)],
    ],
    columns: titled.map(column => ({ name: columnName(column), isNumber: column.align === 'right' })),
    rows: order.slice(0, order.length).flatMap(key => {
      const row = find(key);
      return row === undefined ? [] : [titled.map(column => valueOf(column.cell(row)))];
    }),
  };
}

const valueOf = ({ text, value }: ReturnType<Column<never>['cell']>): string | number | null =>
  value !== undefined ? value : text === '' || text === '-' || text === '·' ? null : text;
