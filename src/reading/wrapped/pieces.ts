import { MAX_LINE_BYTES } from '../../sources/lines/line-splitter.ts';
import type { CarriedLine } from './carried-line.ts';

/** So many lines of one source may be unfinished at a time. */
const MAX_UNFINISHED = 64;

/** A line whose pieces come one by one. Too long a line is only measured. */
export interface UnfinishedLine {
  readonly first: CarriedLine;
  readonly text: string;
  readonly length: number;
}

/** Joins the pieces into which a collector cut the lines of one source. Holds few lines, none of them longer than a line may be. */
export class Pieces {
  readonly #unfinished = new Map<string, UnfinishedLine>();

  /** The line as far as it came with this piece. */
  join(piece: CarriedLine): UnfinishedLine {
    const before = this.#unfinished.get(piece.stream);
    this.#unfinished.delete(piece.stream);
    const length = (before?.length ?? 0) + piece.text.length;
    const text = length > MAX_LINE_BYTES ? '' : (before?.text ?? '') + piece.text;
    return { first: before?.first ?? piece, text, length };
  }

  /** Keeps a line whose rest is to come. Returns the line that is given up for it. */
  hold(line: UnfinishedLine): UnfinishedLine | null {
    this.#unfinished.set(line.first.stream, line);
    const [oldest] = this.#unfinished.values();
    if (this.#unfinished.size <= MAX_UNFINISHED || !oldest) return null;
    this.#unfinished.delete(oldest.first.stream);
    return oldest;
  }

  /** The lines whose rest never came. */
  end(): readonly UnfinishedLine[] {
    const lines = [...this.#unfinished.values()];
    this.#unfinished.clear();
    return lines;
  }
}

export const isTooLong = ({ length }: UnfinishedLine): boolean => length > MAX_LINE_BYTES;
