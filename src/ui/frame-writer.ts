import { RowPainter, type Shown, type Styles } from './row-painter.ts';
import { FrameOutput } from './frame-output.ts';

/** Combines Ink's dialog and the painted rows of each view into one update of the terminal. */
export class FrameWriter {
  readonly #view: () => Shown;
  readonly #output: FrameOutput;
  readonly #painter: RowPainter;
  /** Resolves when Ink has drawn everything. */
  readonly #flushInk: () => Promise<void>;
  #isDue = false;
  #isStopped = false;
  /**
   * The place of the dialog when Ink had drawn everything. Null while the place changes: nothing is painted then, because Ink may still
   * draw there.
   */
  #settled: string | null = null;
  #settling: string | null = null;

  constructor(given: {
    readonly view: () => Shown;
    readonly stdout: NodeJS.WriteStream;
    readonly styles: Styles;
    readonly flushInk: () => Promise<void>;
    /** Whether the alternate screen with a first frame is already shown. */
    readonly isEntered?: boolean;
  }) {
    this.#view = given.view;
    this.#flushInk = given.flushInk;
    this.#painter = new RowPainter(given.styles);
    this.#output = new FrameOutput(given.stdout, () => this.repaint(), given.isEntered);
    // otherwise Ink's first writes would erase the first frame before it is painted again
    if (given.isEntered) this.#output.begin();
  }

  /** The stream that Ink gets instead of the terminal. */
  get stream(): NodeJS.WriteStream {
    return this.#output.stream;
  }

  /** Called for each new view: collects what Ink writes for it, and soon writes both to the terminal. */
  readonly publish = (): void => {
    if (this.#isStopped) return;
    const place = placeOf(this.#view());
    if (place === this.#settled) this.#paintSoon();
    else this.#settle(place);
  };

  /** Paints all rows again, because the terminal may show something else in them. */
  repaint(): void {
    this.#painter.forget();
    this.#paintSoon();
  }

  /** Paints everything again, with other styles. */
  restyle(styles: Styles): void {
    this.#painter.restyle(styles);
    this.#paintSoon();
  }

  /** Stops writing, because an editor uses the terminal or the dashboard ends. */
  stop(): void {
    this.#isStopped = true;
    this.#settling = null;
    this.#output.end('');
  }

  /** Writes again. All rows are painted, because the terminal may show anything. */
  resume(): void {
    this.#isStopped = false;
    this.#settled = null;
    this.publish();
  }

  #paintSoon(): void {
    if (this.#isDue || this.#isStopped) return;
    this.#isDue = true;
    this.#output.begin();
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#isStopped && this.#settled !== null) this.#paint();
    });
  }

  #paint(): void {
    this.#output.end(this.#painter.paint(this.#view()));
  }

  #settle(place: string): void {
    this.#settled = null;
    this.#output.begin();
    if (this.#settling === place) return;
    this.#settling = place;
    void this.#flushInk().then(() => {
      if (this.#settling !== place) return;
      this.#settling = null;
      this.#settled = place;
      this.#painter.forget();
      this.#paint();
    });
  }
}

const placeOf = ({ frame, dialog }: Shown): string =>
  dialog.height === 0 ? `${frame.length}` : `${frame.length} ${dialog.row} ${dialog.height}`;
