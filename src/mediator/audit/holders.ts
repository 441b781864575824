/** The processes that run programs behind a mediator, one connection each. A mediator that was started for them stays up until the last leaves. */
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

  /** Adds a holder. Returns false where the mediator is about to end. */
  add(holder: Holder): boolean {
    if (!this.#isOver) this.#held.add(holder);
    return !this.#isOver;
  }

  delete(holder: Holder): void {
    this.#held.delete(holder);
    this.#look();
  }

  /** Waits until there is no holder; from then on none can be added. */
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
