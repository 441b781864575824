/** The newest `capacity` items, oldest first; how many older ones were dropped is known. */
export class Ring<Item> {
  readonly capacity: number;
  readonly #items: Item[] = [];
  #start = 0;
  /** Items that had to make room. */
  #pushedOut = 0;
  /** Items that never came in: older ones, for which there was no room or of which only the number is known. */
  #passedBy = 0;
  #firstNumber = 0;

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
    this.#pushedOut += 1;
    this.#firstNumber += 1;
  }

  /** Takes an item older than all others, if there is room. */
  pushOlder(item: Item): void {
    if (this.#items.length === this.capacity) return this.passBy(1);
    this.#items.unshift(item);
    this.#firstNumber -= 1;
  }

  /** So many older items there were that are not kept. */
  passBy(count: number): void {
    this.#passedBy += count;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Items that are not kept. */
  get dropped(): number {
    return this.#pushedOut + this.#passedBy;
  }

  /** The number of the oldest item kept, counting those pushed from 0: an item keeps its own. */
  get firstNumber(): number {
    return this.#firstNumber;
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

  /** The newest items that pass a test, at most so many of them, newest first. */
  newest(most: number, passes: (item: Item) => boolean): readonly Item[] {
    const found: Item[] = [];
    const items = this.#items;
    for (let index = items.length - 1; index >= 0 && found.length < most; index -= 1) {
      const at = this.#start + index;
      const item = items[at < items.length ? at : at - items.length] as Item;
      if (passes(item)) found.push(item);
    }
    return found;
  }

  /** Takes up another ring's items as newer than its own, in their order. */
  append(newer: Ring<Item>): void {
    for (let index = 0; index < newer.length; index += 1) this.push(newer.at(index) as Item);
    this.#pushedOut += newer.#pushedOut;
    this.#firstNumber += newer.#pushedOut;
    this.#passedBy += newer.#passedBy;
  }
}
