import type { ShownValue } from '../../../core/export/shown-table.ts';
import { fit, fitName } from '../text/fit.ts';
import { highlighted, type Matched } from './highlight.ts';
import { span, type Line, type Span, type Tone } from '../text/span.ts';

/** A cell before it is cut to its column. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** The exact value for exports, where the text is rounded or shortened. */
  readonly value?: ShownValue;
}

/** A column of a table. `cells` is its width in cells; `{least}` is a least width that grows with the room. */
export interface Column<Row> {
  readonly title: string;
  readonly width: number | { readonly least: number };
  readonly align: 'left' | 'right';
  /** Columns with the highest number are dropped first for lack of room; 0 is never dropped. */
  readonly priority: number;
  readonly sort?: string;
  /** Whether long cells are cut in the middle, because both ends of a name matter. */
  readonly isName?: true;
  /** The places in a cell's text (UTF-16 units) that match the filter. They are highlighted. */
  readonly matched?: Matched;
  readonly cell: (row: Row) => Cell;
}

/** A column without its cells. */
export type ColumnHead = Omit<Column<never>, 'align' | 'cell'>;

/** A column that is aligned left. */
export const left = <Row>(head: ColumnHead, cell: (row: Row) => Cell): Column<Row> => ({
  ...head,
  align: 'left',
  cell,
});

/** A column that is aligned right. */
export const right = <Row>(head: ColumnHead, cell: (row: Row) => Cell): Column<Row> => ({
  ...head,
  align: 'right',
  cell,
});

/** A shown column with its width in cells. */
export type LaidOut<Row> = Column<Row> & { readonly cells: number };

const GAP = 2;
/** The cells at the left edge for the cursor and the mark. */
const GUTTER = 2;

const leastOf = ({ width }: Pick<Column<never>, 'width'>): number =>
  typeof width === 'number' ? width : width.least;

/** The columns that fit, with their widths. Columns of low priority are dropped. */
export function layOut<Row>(columns: readonly Column<Row>[], width: number): readonly LaidOut<Row>[] {
  const kept = [...columns];
  const needed = (): number => GUTTER + kept.reduce((sum, column) => sum + leastOf(column) + GAP, -GAP);
  while (needed() > width && kept.some(column => column.priority > 0)) {
    const least = kept.reduce((worst, column) => (column.priority > worst.priority ? column : worst));
    kept.splice(kept.indexOf(least), 1);
  }
  const flexible = kept.filter(column => typeof column.width !== 'number');
  const share = Math.floor((width - needed()) / Math.max(1, flexible.length));
  return kept.map(column => {
    const grown = typeof column.width === 'number' ? column.width : Math.max(8, column.width.least + share);
    return { ...column, cells: grown };
  });
}

/** The order of a table: by a column, or by the best match. */
interface Sorting {
  readonly sort: string;
  readonly isReversed: boolean;
}

/** The sort of a list with fuzzy words. */
export const BEST_MATCH = 'best-match';

/** The header. The column that sorts the table has an arrow. */
export function headerLine<Row>(columns: readonly LaidOut<Row>[], { sort, isReversed }: Sorting): Line {
  const spans = columns.map((column): Span => {
    const arrow = column.sort === sort ? (isReversed ? '▴' : '▾') : '';
    const best = sort === BEST_MATCH && column.matched ? '▾ best match' : '';
    const title = `${column.title}${arrow}${best}`;
    return span(fit(title, column.cells, column.align), arrow + best === '' ? 'dim' : 'accent');
  });
  return [
    span(' '.repeat(GUTTER)),
    ...spans.flatMap((cell, index) => (index === 0 ? [cell] : [span(' '.repeat(GAP)), cell])),
  ];
}

/** Whether a row has the cursor, and whether it is marked. */
export interface RowMarks {
  readonly isSelected: boolean;
  readonly isMarked: boolean;
}

const NO_MARKS: RowMarks = { isSelected: false, isMarked: false };

/** One row. The row with the cursor has one tone and `▌` in front. */
export function rowLine<Row>(
  columns: readonly LaidOut<Row>[],
  row: Row,
  { isSelected, isMarked }: RowMarks = NO_MARKS,
): Line {
  const gutter = span(`${isSelected ? '▌' : ' '}${isMarked ? '+' : ' '}`, isMarked ? 'accent' : 'plain');
  const cells = columns.map(column => cellSpans(column, column.cell(row)));
  const all = [
    gutter,
    ...cells.flatMap((cell, index) => (index === 0 ? cell : [span(' '.repeat(GAP)), ...cell])),
  ];
  if (!isSelected) return all;
  return all.some(({ tone }) => tone === 'match')
    ? all.map(({ text, tone }) => span(text, tone === 'match' ? 'selected-match' : 'selected'))
    : [span(all.map(({ text }) => text).join(''), 'selected')];
}

/** The most UTF-16 units of a text that are highlighted. A record may hold a megabyte, which every frame would search. */
const MOST_HIGHLIGHTED = 4_096;

function cellSpans<Row>(column: LaidOut<Row>, { text, tone = 'plain' }: Cell): Line {
  const fitted = (column.isName ? fitName : fit)(text, column.cells, column.align);
  const matched = text.length > MOST_HIGHLIGHTED ? undefined : column.matched?.(text);
  return matched && matched.size > 0 ? highlighted(text, fitted, { matched, tone }) : [span(fitted, tone)];
}

/** The first row to show so that the cursor is visible, with as little scrolling as possible. `height` of `total` rows are shown. */
export function scrollTo(
  top: number,
  index: number,
  { height, total }: { readonly height: number; readonly total: number },
): number {
  const least = Math.max(0, index - height + 1);
  const most = Math.max(0, Math.min(index, total - height));
  return Math.min(Math.max(top, least), Math.max(least, most));
}
