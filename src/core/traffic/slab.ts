/** The number of rows in a chunk, as a power of two. Growing by chunks avoids copying, which would need both copies at once. */
const CHUNK_BITS = 10;
const CHUNK_ROWS = 1 << CHUNK_BITS;

type Cells = Float64Array | Uint32Array;

/**
 * Rows of `width` numbers in typed arrays outside the heap, so that the garbage collector need not visit them. Row 0 is never handed out:
 * it means "no row", and all its numbers are 0.
 */
export class Slab {
  readonly #width: number;
  readonly #newCells: (length: number) => Cells;
  readonly #chunks: Cells[] = [];
  readonly #freed: number[] = [];
  #rows = 0;

  private constructor(width: number, newCells: (length: number) => Cells) {
    [this.#width, this.#newCells] = [width, newCells];
    this.take();
  }

  /** Makes a slab for counts and measures. */
  static ofDoubles = (width: number): Slab => new Slab(width, length => new Float64Array(length));

  /** Makes a slab for row numbers of other slabs and for numbers of names, all below 2³². */
  static ofReferences = (width: number): Slab => new Slab(width, length => new Uint32Array(length));

  /** Takes a row of zeros. */
  take(): number {
    const freed = this.#freed.pop();
    if (freed !== undefined) return freed;
    if (this.#rows >>> CHUNK_BITS === this.#chunks.length)
      this.#chunks.push(this.#newCells(this.#width * CHUNK_ROWS));
    this.#rows += 1;
    return this.#rows - 1;
  }

  /** Frees a row. Its number may then be reused: a reader that still holds it reads another row. */
  free(row: number): void {
    for (let column = 0; column < this.#width; column += 1) this.set(row, column, 0);
    this.#freed.push(row);
  }

  get(row: number, column: number): number {
    return this.#chunks[row >>> CHUNK_BITS]?.[(row & (CHUNK_ROWS - 1)) * this.#width + column] ?? 0;
  }

  set(row: number, column: number, value: number): void {
    const cells = this.#chunks[row >>> CHUNK_BITS];
    if (cells) cells[(row & (CHUNK_ROWS - 1)) * this.#width + column] = value;
  }

  add(row: number, column: number, value: number): void {
    this.set(row, column, this.get(row, column) + value);
  }
}
