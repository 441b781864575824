/** Rows are added all the time: room for more of them, as a share of those that are there. */
const SPARE = 8;

/**
 * The arrays of one ranking. The next ranking takes them over: V8 counts them as growth of its heap, and four megabytes for each
 * letter of a filter made it collect, with a pause, at every third letter.
 */
export class RankingArrays {
  #found = new Uint32Array();
  #copy = new Uint32Array();
  #values = new Float64Array();
  #scores = new Float64Array();

  /** Makes room for so many rows. The arrays still hold values of earlier rankings. */
  makeRoom(rows: number): void {
    if (this.#found.length >= rows) return;
    const room = rows + Math.ceil(rows / SPARE);
    this.#found = new Uint32Array(room);
    this.#values = new Float64Array(room);
  }

  /** Numbers of rows, in the order in which they were found. */
  get found(): Uint32Array {
    return this.#found;
  }

  /** The value that each row is ranked by, by number. */
  get values(): Float64Array {
    return this.#values;
  }

  /** The value that comes before that one, by number. */
  scores(): Float64Array {
    if (this.#scores.length < this.#found.length) this.#scores = new Float64Array(this.#found.length);
    return this.#scores;
  }

  /** The first `count` of those found. The next copy is written over it. */
  copyOfFound(count: number): Uint32Array {
    if (this.#copy.length < count) this.#copy = new Uint32Array(this.#found.length);
    this.#copy.set(this.#found.subarray(0, count));
    return this.#copy.subarray(0, count);
  }
}
