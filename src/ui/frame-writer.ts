import { RowPainter, type Shown, type Styles } from './row-painter.ts';
import { FrameOutput } from './frame-output.ts';

/** Joins the dialog that Ink draws and the rows that are painted into one update of the terminal for each view. */
export class FrameWriter {
  readonly #view: () => Shown;
  readonly #output: FrameOutput;
  readonly #painter: RowPainter;
  /** Settles when Ink has drawn all that it was given. */
  readonly #flushInk: () => Promise<void>;
  #isDue = false;
  #isStopped = false;
  /** Where the dialog stood when Ink had drawn everything. Null while rows change hands: nothing is painted then, for Ink may still draw there. */
  #settled: string | null = null;
  #settling: string | null = null;

  constructor(given: {
    readonly view: () => Shown;
    readonly stdout: NodeJS.WriteStream;
    readonly styles: Styles;
    readonly flushInk: () => Promise<void>;
    /** The alternate screen is shown already, with a first frame. */
    readonly isEntered?: boolean;
  }) {
    this.#view = given.view;
    this.#flushInk = given.flushInk;
    this.#painter = new RowPainter(given.styles);
    this.#output = new FrameOutput(given.stdout, () => this.repaint(), given.isEntered);
    // else Ink's first writes would blank the first frame before it is painted again
    if (given.isEntered) this.#output.begin();
  }

  /** The stream that Ink is given in place of the terminal. */
  get stream(): NodeJS.WriteStream {
    return this.#output.stream;
  }

  /** A view was published: gathers what Ink writes for it, and writes both soon. */
  readonly publish = (): void => {
    if (this.#isStopped) return;
    const place = placeOf(this.#view());
    if (place === this.#settled) this.#paintSoon();
    else this.#settle(place);
  };

  /** The terminal may show anything in the painted rows: paints all of them. */
  repaint(): void {
    this.#painter.forget();
    this.#paintSoon();
  }

  /** Paints everything again, with other styles. */
  restyle(styles: Styles): void {
    this.#painter.restyle(styles);
    this.#paintSoon();
  }

  /** Writes nothing from now on: an editor has the terminal, or the dashboard ends. */
  stop(): void {
    this.#isStopped = true;
    this.#settling = null;
    this.#output.end('');
  }

  /** The terminal is ours again, and shows anything. */
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
