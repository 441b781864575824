import type { IBuffer, IBufferCell } from '@xterm/headless';
import { DEFAULT_BACKGROUND, DEFAULT_FOREGROUND, paletteColour, rgbColour } from './palette.ts';

/**
 * One cell of the screen as it is painted. A wide character has `width` 2 and is followed by an empty cell of `width` 0,
 * so the index is the column. `fg` and `bg` (`#rrggbb`) already have `inverse` applied; `dim` is left to the painter.
 */
export interface Cell {
  readonly chars: string;
  readonly width: number;
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strikethrough: boolean;
  readonly inverse: boolean;
}

/** The `rows` visible rows of a buffer, each as long as the screen is wide. */
export function visibleCells(buffer: IBuffer, rows: number): readonly (readonly Cell[])[] {
  return Array.from({ length: rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return Array.from({ length: line?.length ?? 0 }, (_, column) => {
      const cell = line?.getCell(column) ?? buffer.getNullCell();
      return toCell(cell);
    });
  });
}

function toCell(cell: IBufferCell): Cell {
  const inverse = cell.isInverse() !== 0;
  const [fg, bg] = [foreground(cell), background(cell)];
  return {
    chars: cell.getChars(),
    width: cell.getWidth(),
    fg: inverse ? bg : fg,
    bg: inverse ? fg : bg,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
    inverse,
  };
}

function foreground(cell: IBufferCell): string {
  if (cell.isFgRGB()) return rgbColour(cell.getFgColor());
  return cell.isFgPalette() ? paletteColour(cell.getFgColor()) : DEFAULT_FOREGROUND;
}

function background(cell: IBufferCell): string {
  if (cell.isBgRGB()) return rgbColour(cell.getBgColor());
  return cell.isBgPalette() ? paletteColour(cell.getBgColor()) : DEFAULT_BACKGROUND;
}
