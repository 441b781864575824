/** A position in a text. Both numbers are 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The line starts of a text, found once. The position of an offset then takes O(log lines). */
export class TextPlaces {
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  at(offset: number): Place {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  offsetOf({ line, column }: Place): number {
    return (this.#starts[line - 1] ?? 0) + column - 1;
  }
}
