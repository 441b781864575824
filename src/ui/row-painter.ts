import type { Line, Tone } from '../app/select/text/span.ts';
import { rowChanges } from './row-changes.ts';

/** The escape sequences before and after a text of each tone. */
export type Styles = Readonly<Record<Tone, { readonly open: string; readonly close: string }>>;

/** A view: its rows, and which of them belong to a dialog. */
export interface Shown {
  readonly frame: readonly Line[];
  /** The first row counts from 0. */
  readonly dialog: { readonly row: number; readonly height: number };
}

/** The rows of the terminal from the top; null for a row that the painter does not draw. */
type PaintedRows = readonly (Line | null)[];

/**
 * Writes all rows outside the dialog, and in each row only the changed cells. Ink draws the dialog, but assumes that a row it never drew is
 * blank. So the painter also writes the dialog's blank rows, to erase what was there.
 */
export class RowPainter {
  #styles: Styles;
  #shown: PaintedRows = [];

  constructor(styles: Styles) {
    this.#styles = styles;
  }

  /** Makes the next call of `paint` write all rows. */
  forget(): void {
    this.#shown = [];
  }

  /** Paints with these styles from now on, every row anew. */
  restyle(styles: Styles): void {
    this.#styles = styles;
    this.forget();
  }

  /** The bytes that make the terminal show the view; empty if it does already. The cursor is saved and restored (DECSC, DECRC). */
  paint({ frame, dialog }: Shown): string {
    const before = this.#shown;
    const isInk = (line: Line, row: number): boolean =>
      row >= dialog.row && row < dialog.row + dialog.height && !isBlank(line);
    const rows = frame.map((line, row) => (isInk(line, row) ? null : line));
    this.#shown = rows;
    let bytes = '';
    for (const [row, line] of rows.entries()) {
      if (line === null) continue;
      const old = before[row];
      bytes += old ? this.#changed(row, old, line) : this.#whole(row, line);
    }
    return bytes === '' ? '' : `\u001b7\u001b[0m${bytes}\u001b8`;
  }

  #whole(row: number, line: Line): string {
    return `\u001b[${row + 1};1H\u001b[2K${this.#styled(line)}`;
  }

  #changed(row: number, before: Line, after: Line): string {
    let bytes = '';
    for (const { column, runs, toEnd } of rowChanges(before, after))
      bytes += `\u001b[${row + 1};${column + 1}H${toEnd ? '\u001b[K' : ''}${this.#styled(runs)}`;
    return bytes;
  }

  #styled(line: Line): string {
    let bytes = '';
    for (const { text, tone } of line) {
      const { open, close } = this.#styles[tone];
      bytes += open + text + close;
    }
    return bytes;
  }
}

const isBlank = (line: Line): boolean => line.every(({ text }) => text.trim() === '');
