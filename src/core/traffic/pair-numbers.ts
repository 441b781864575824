import { Slab } from './slab.ts';

const [ONE, OTHER] = [0, 1];
const SMALLEST = 1_024;

/**
 * Numbers for pairs of whole numbers below 2³², counted up from 1. A pair takes 20 bytes outside the heap, where a Map of Maps takes 100
 * bytes within it.
 */
export class PairNumbers {
  /** Row n holds the pair with the number n. */
  readonly #pairs = Slab.ofReferences(2);
  /** A hash table of pair numbers; 0 is a free slot. Its length is a power of two. */
  #places = new Uint32Array(SMALLEST);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of a pair; 0 for an unknown pair. */
  find(one: number, other: number): number {
    return this.#places[this.#place(one, other)] ?? 0;
  }

  /** Gives a new number to an unknown pair. */
  add(one: number, other: number): number {
    if (this.#size * 2 >= this.#places.length) this.#grow();
    const number = this.#pairs.take();
    this.#pairs.set(number, ONE, one);
    this.#pairs.set(number, OTHER, other);
    this.#places[this.#place(one, other)] = number;
    this.#size += 1;
    return number;
  }

  /** The slot of the pair, or the free slot for it. */
  #place(one: number, other: number): number {
    const mask = this.#places.length - 1;
    let place = mixed(one, other) & mask;
    for (;;) {
      const number = this.#places[place] ?? 0;
      const isFound = this.#pairs.get(number, ONE) === one && this.#pairs.get(number, OTHER) === other;
      if (number === 0 || isFound) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let number = 1; number <= this.#size; number += 1)
      this.#places[this.#place(this.#pairs.get(number, ONE), this.#pairs.get(number, OTHER))] = number;
  }
}

/** The hash of a pair, by the finaliser of MurmurHash3. Similar pairs get distant slots. */
function mixed(one: number, other: number): number {
  let hash = Math.imul(one, 0x9e3779b1) ^ other;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
