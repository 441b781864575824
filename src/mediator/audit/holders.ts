/** Those who run programs behind a mediator, each by its connection: a mediator that was started for them stays up until the last has left. */
export class Holders<Holder> {
  readonly #held = new Set<Holder>();
  readonly #over = Promise.withResolvers<void>();
  #isLeaving = false;
  #isOver = false;

  get size(): number {
    return this.#held.size;
  }

  [Symbol.iterator](): Iterator<Holder> {
    return this.#held.values();
  }

  /** Says whether the holder may count on the mediator: not on one that is about to end. */
  add(holder: Holder): boolean {
    if (!this.#isOver) this.#held.add(holder);
    return !this.#isOver;
  }

  delete(holder: Holder): void {
    this.#held.delete(holder);
    this.#look();
  }

  /** Waits until nobody holds; from that moment on nobody can. */
  released(): Promise<void> {
    this.#isLeaving = true;
    this.#look();
    return this.#over.promise;
  }

  #look(): void {
    if (!this.#isLeaving || this.#held.size > 0) return;
    this.#isOver = true;
    this.#over.resolve();
  }
}
