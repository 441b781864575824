import { Slab } from './slab.ts';

const [ONE, OTHER] = [0, 1];
const SMALLEST = 1_024;

/**
 * Numbers for pairs of whole numbers below 2³², from 1 on in the order in which they came. Millions of them take 20 bytes each outside
 * the heap, where a Map of Maps takes 100 within it.
 */
export class PairNumbers {
  /** Row n is the pair of the number n. */
  readonly #pairs = Slab.ofReferences(2);
  /** Numbers of pairs at places that follow from the pair; 0 where nothing stands. Its length is a power of two. */
  #places = new Uint32Array(SMALLEST);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** 0 for a pair that has none. */
  find(one: number, other: number): number {
    return this.#places[this.#place(one, other)] ?? 0;
  }

  /** Gives a number to a pair that has none. */
  add(one: number, other: number): number {
    if (this.#size * 2 >= this.#places.length) this.#grow();
    const number = this.#pairs.take();
    this.#pairs.set(number, ONE, one);
    this.#pairs.set(number, OTHER, other);
    this.#places[this.#place(one, other)] = number;
    this.#size += 1;
    return number;
  }

  /** Where the pair stands, or would stand. */
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

/** Neighbouring pairs get places far apart (the finaliser of MurmurHash3). */
function mixed(one: number, other: number): number {
  let hash = Math.imul(one, 0x9e3779b1) ^ other;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
