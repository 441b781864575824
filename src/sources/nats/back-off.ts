/** The bounds of the pauses between tries, ms. */
export interface BackOffBounds {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** From one second to one minute, so that a server that starts again is not run over by all machines at once. */
const USUAL: BackOffBounds = { firstMs: 1000, lastMs: 60_000 };

/** Pauses between tries: each is random below a ceiling, and the ceiling doubles with each try (full jitter). */
export class BackOff {
  readonly #bounds: BackOffBounds;
  readonly #random: () => number;
  #ceilingMs: number;

  constructor(bounds: BackOffBounds = USUAL, random: () => number = Math.random) {
    [this.#bounds, this.#random, this.#ceilingMs] = [bounds, random, bounds.firstMs];
  }

  /** The pause before the next try, ms. */
  next(): number {
    const pause = this.#random() * this.#ceilingMs;
    this.#ceilingMs = Math.min(this.#bounds.lastMs, this.#ceilingMs * 2);
    return pause;
  }

  /** A try succeeded: the next failure starts from the first ceiling. */
  reset(): void {
    this.#ceilingMs = this.#bounds.firstMs;
  }
}
