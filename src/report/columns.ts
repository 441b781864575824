import { visible } from '../core/visible.ts';
import { textWidth } from './text-width.ts';

/**
 * A text table. Columns are as wide as their widest cell, numbers are aligned right. Cells are made safe for a terminal; wide characters
 * take two columns.
 */
export function alignColumns(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [header, ...rows].map(row => row.map(cell => visible(String(cell))));
  const widths = header.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[column] ?? '')), 0),
  );
  const isNumeric = header.map(
    (_, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number'),
  );
  return cells
    .map(row =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, isNumeric[column] === true))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number, toTheRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(cell)));
  return toTheRight ? blanks + cell : cell + blanks;
}
