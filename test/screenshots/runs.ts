import type { Cell } from '../terminal/cells.ts';
import { isOneShapeInARun } from './drawn-glyphs.ts';

/** Neighbouring cells of one row that are painted together: `cells` columns from `column`. */
export interface Run {
  readonly column: number;
  readonly cells: number;
  readonly chars: string;
  readonly style: Cell;
}

/** The row cut into runs in which `isSame` holds between each cell and the one before it. */
export function runsOf(row: readonly Cell[], isSame: (before: Cell, cell: Cell) => boolean): readonly Run[] {
  const runs: Run[] = [];
  for (const [column, cell] of row.entries()) {
    const [before, last] = [row[column - 1], runs.at(-1)];
    // The second half of a wide character belongs to the first.
    if (before && last && (cell.width === 0 || isSame(before, cell))) {
      runs[runs.length - 1] = { ...last, cells: last.cells + 1, chars: last.chars + charsOf(cell) };
    } else {
      runs.push({ column, cells: 1, chars: charsOf(cell), style: cell });
    }
  }
  return runs;
}

/** The row's characters as runs of one style. Characters that a fallback font may draw at another width stand alone. */
export function textRuns(row: readonly Cell[]): readonly Run[] {
  const runs = runsOf(row, (before, cell) => hasSameText(before, cell) && joins(before, cell));
  return runs.filter(({ chars }) => chars.trim() !== '').map(trimmed);
}

function joins(before: Cell, cell: Cell): boolean {
  if (isOneShapeInARun(cell.chars)) return before.chars === cell.chars;
  // A gap of two or more blanks parts a run: words in different columns of a table then each have a place of their own.
  if (charsOf(before) === ' ' && charsOf(cell) === ' ') return false;
  return isAscii(before) && isAscii(cell);
}

function hasSameText(a: Cell, b: Cell): boolean {
  return a.fg === b.fg && a.bg === b.bg && a.bold === b.bold && a.dim === b.dim && a.italic === b.italic;
}

function isAscii(cell: Cell): boolean {
  return /^[ -~]$/.test(charsOf(cell));
}

function trimmed(run: Run): Run {
  const chars = run.chars.trimEnd();
  const start = chars.length - chars.trimStart().length;
  const blanks = run.chars.length - chars.length + start;
  return { ...run, column: run.column + start, cells: run.cells - blanks, chars: chars.trimStart() };
}

/** A cell nobody wrote to is blank; the second half of a wide character is nothing. */
function charsOf(cell: Cell): string {
  return cell.chars === '' && cell.width > 0 ? ' ' : cell.chars;
}
