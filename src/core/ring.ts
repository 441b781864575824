/** The newest `capacity` items, oldest first; how many older ones were dropped is known. */
export class Ring<Item> {
  readonly capacity: number;
  readonly #items: Item[] = [];
  #start = 0;
  #dropped = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  push(item: Item): void {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
    this.#dropped += 1;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Items that had to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The item at a place counted from the oldest. */
  at(index: number): Item | undefined {
    return index < 0 || index >= this.#items.length
      ? undefined
      : this.#items[(this.#start + index) % this.#items.length];
  }

  /** Newest first. */
  *newestFirst(): Generator<Item> {
    for (let index = this.#items.length - 1; index >= 0; index -= 1) yield this.at(index) as Item;
  }

  /** Takes up another ring's items as newer than its own, in their order. */
  append(newer: Ring<Item>): void {
    for (let index = 0; index < newer.length; index += 1) this.push(newer.at(index) as Item);
    this.#dropped += newer.dropped;
  }
}
