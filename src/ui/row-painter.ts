import type { Line, Tone } from '../app/select/text/span.ts';
import { rowChanges } from './row-changes.ts';

/** The escape sequences that stand before and after a text of each tone. */
export type Styles = Readonly<Record<Tone, { readonly open: string; readonly close: string }>>;

/** The frame of a view: its rows, and which of them are a dialog's. */
export interface Shown {
  readonly frame: readonly Line[];
  /** 0-based. */
  readonly dialog: { readonly row: number; readonly height: number };
}

/** The rows of the terminal from the top. Null stands for a row that is not the painter's. */
type PaintedRows = readonly (Line | null)[];

/**
 * Writes all rows but those of a dialog, and of each row only the cells that changed. Ink draws the dialog. A blank row of it is painted
 * all the same. Ink takes a row that it never drew for blank, and would leave the old cells there.
 */
export class RowPainter {
  #styles: Styles;
  #shown: PaintedRows = [];

  constructor(styles: Styles) {
    this.#styles = styles;
  }

  /** The terminal may show anything in these rows now: the next painting writes all of them. */
  forget(): void {
    this.#shown = [];
  }

  /** Paints with these styles from now on, every row anew. */
  restyle(styles: Styles): void {
    this.#styles = styles;
    this.forget();
  }

  /** The bytes that make the terminal show the view; empty where it does. The cursor stays where it is (DECSC, DECRC). */
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
