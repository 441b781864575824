/**
 * Those who are here now, each in a place of its own that the next one takes. Not a Set: as members come and go, the tables it leaves behind
 * keep some who left alive until a full collection (a tenth of all tunnels, and a sixth of the mediator's time to copy them about).
 */
export class Roster<Member extends object> {
  readonly #places: (Member | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** Takes a place; gives what gives it up, once however often it is called. */
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
