/**
 * The members that are connected now, in places that later members reuse. A Set would keep some members alive until a full collection:
 * measured, a tenth of all tunnels, and a sixth of the mediator's time to copy them.
 */
export class Roster<Member extends object> {
  readonly #places: (Member | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** Takes a place. Returns what frees it; a second call does nothing. */
  enter(member: Member): () => void {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = member;
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.#places[place] = null;
      this.#free.push(place);
    };
  }

  *[Symbol.iterator](): Generator<Member> {
    for (const member of this.#places) if (member !== null) yield member;
  }
}
