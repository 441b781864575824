/** The newest `capacity` items, oldest first. Dropped items are counted. */
export class Ring<Item> {
  readonly capacity: number;
  readonly #items: Item[] = [];
  #start = 0;
  /** Items that were dropped for newer ones. */
  #pushedOut = 0;
  /** Older items that were never stored: the ring was full, or only their number was known. */
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

  /** Adds an item older than all others if there is room; else counts it as dropped. */
  pushOlder(item: Item): void {
    if (this.#items.length === this.capacity) return this.passBy(1);
    this.#items.unshift(item);
    this.#firstNumber -= 1;
  }

  /** Counts older items that cannot be stored. */
  passBy(count: number): void {
    this.#passedBy += count;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The number of items that are not stored. */
  get dropped(): number {
    return this.#pushedOut + this.#passedBy;
  }

  /** The sequence number of the oldest stored item. Pushed items are numbered from 0. */
  get firstNumber(): number {
    return this.#firstNumber;
  }

  /** The item at an index from the oldest. */
  at(index: number): Item | undefined {
    return index < 0 || index >= this.#items.length
      ? undefined
      : this.#items[(this.#start + index) % this.#items.length];
  }

  /** All items, newest first. */
  *newestFirst(): Generator<Item> {
    for (let index = this.#items.length - 1; index >= 0; index -= 1) yield this.at(index) as Item;
  }

  /** The newest items that pass a test, newest first, at most `most`. */
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

  /** Appends the items of another ring as newer ones, in their order. */
  append(newer: Ring<Item>): void {
    for (let index = 0; index < newer.length; index += 1) this.push(newer.at(index) as Item);
    this.#pushedOut += newer.#pushedOut;
    this.#firstNumber += newer.#pushedOut;
    this.#passedBy += newer.#passedBy;
  }
}
