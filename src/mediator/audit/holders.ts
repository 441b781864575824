/** The processes that run programs behind a mediator, one connection each. A mediator that was started for them stays up until the last leaves. */
export class Holders<Holder> {
  /** Each with whether its program is confined. */
  readonly #held = new Map<Holder, boolean>();
  readonly #over = Promise.withResolvers<void>();
  #isLeaving = false;
  #isOver = false;

  get size(): number {
    return this.#held.size;
  }

  [Symbol.iterator](): Iterator<Holder> {
    return this.#held.keys();
  }

  /** The holders whose program reaches nothing but the mediator. */
  get confined(): number {
    return [...this.#held.values()].filter(isConfined => isConfined).length;
  }

  /** Adds a holder. Returns false where the mediator is about to end. */
  add(holder: Holder, isConfined: boolean): boolean {
    if (!this.#isOver) this.#held.set(holder, isConfined);
    return !this.#isOver;
  }

  /** Returns whether it was one. */
  delete(holder: Holder): boolean {
    const was = this.#held.delete(holder);
    this.#look();
    return was;
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
