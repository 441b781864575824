import type { ShownTable } from '../../../core/export/shown-table.ts';
import type { ViewInput } from '../../lists/derived.ts';
import type { State } from '../../state/state.ts';
import { fitLine } from '../text/fit.ts';
import { BLANK, type Line } from '../text/span.ts';
import { chosenColumns, columnName } from './column-choice.ts';
import { shownTable } from './shown-table.ts';
import { BEST_MATCH, headerLine, layOut, rowLine, type Column, type RowMarks } from './table.ts';

/** The columns of a list, and a function that finds a row by key. */
export interface Rows<Row> {
  readonly columns: readonly Column<Row>[];
  readonly find: (key: string) => Row | undefined;
  /** Lines above the header of the rows. */
  readonly above?: readonly Line[];
}

/** The lines of a list of any kind. A line is made on demand and cached. */
export interface TableLines {
  /** The lines above the rows. */
  readonly head: readonly Line[];
  /** The names of all columns that this list can show. */
  readonly columns: readonly string[];
  /** The line of a row; blank for a row that no longer exists. */
  readonly lineOf: (key: string, marks: RowMarks) => Line;
  /** Makes the table of all rows for an export. */
  readonly exported: (input: Pick<ViewInput, 'state' | 'order'>) => ShownTable;
}

/** The most cached lines of one list: several screens. */
const MOST_LINES = 1_000;

/** Makes the lines of rows under a state. They must not depend on the cursor. */
export function tableLines<Row>({ columns, find, above = [] }: Rows<Row>, state: State): TableLines {
  const chosen = chosenColumns(columns, state.columnChoices[state.screen]);
  const laidOut = layOut(chosen, state.columns);
  const sorting = isRanked(state) ? { sort: BEST_MATCH, isReversed: false } : state.lists[state.screen];
  const kept = new Map<string, Line>();
  const make = (key: string, marks: RowMarks): Line => {
    const row = find(key);
    return row === undefined ? BLANK : fitLine(rowLine(laidOut, row, marks), state.columns);
  };
  return {
    head: [...above, headerLine(laidOut, sorting)].map(shown => fitLine(shown, state.columns)),
    columns: columns.map(columnName),
    lineOf: (key, marks) => {
      const name = `${Number(marks.isSelected)}${Number(marks.isMarked)}${key}`;
      const known = kept.get(name);
      if (known) return known;
      if (kept.size >= MOST_LINES) kept.clear();
      const made = make(key, marks);
      kept.set(name, made);
      return made;
    },
    exported: input => shownTable(input, chosen, find),
  };
}

/** Whether the list is sorted by the best match of fuzzy words. */
const isRanked = ({ screen, filter }: State): boolean =>
  filter.isRanked && (screen === 'hosts' || screen === 'denied' || screen === 'tools' || screen === 'agents');
