/** Numbers for rows of 32-bit words: the same words have the same number, counted from 0. A hash only finds the place; equality is of all words. */
export class WordNames {
  /** Number + 1 by hash, with open addressing; 0 is free. */
  #slots = new Int32Array(1_024);
  #hashes = new Int32Array(512);
  /** Where each one's words end in the store. */
  #ends = new Int32Array(512);
  #store = new Int32Array(8 * 1_024);
  #count = 0;

  /** The number of `words[0, length)`. */
  numberOf(words: Int32Array, length: number): number {
    const hash = hashOf(words, length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) break;
      if (this.#hashes[number] === hash && this.#holds(number, words, length)) return number;
      slot = (slot + 1) & mask;
    }
    return this.#keep(hash, words, length);
  }

  #holds(number: number, words: Int32Array, length: number): boolean {
    const start = number === 0 ? 0 : (this.#ends[number - 1] as number);
    if ((this.#ends[number] as number) - start !== length) return false;
    const store = this.#store;
    for (let at = 0; at < length; at += 1) if (store[start + at] !== words[at]) return false;
    return true;
  }

  #keep(hash: number, words: Int32Array, length: number): number {
    if (this.#count === this.#hashes.length) this.#grow();
    const number = this.#count;
    const start = number === 0 ? 0 : (this.#ends[number - 1] as number);
    if (start + length > this.#store.length) this.#store = enlarged(this.#store, 2 * (start + length));
    this.#store.set(words.subarray(0, length), start);
    this.#ends[number] = start + length;
    this.#hashes[number] = hash;
    this.#place(hash, number);
    this.#count = number + 1;
    return number;
  }

  /** Half of the slots stay free. */
  #grow(): void {
    this.#hashes = enlarged(this.#hashes, 2 * this.#count);
    this.#ends = enlarged(this.#ends, 2 * this.#count);
    this.#slots = new Int32Array(4 * this.#count);
    for (let number = 0; number < this.#count; number += 1)
      this.#place(this.#hashes[number] as number, number);
  }

  #place(hash: number, number: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  /** Forgets all names, keeping the room they took. */
  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }
}

/** The rounds and the end of MurmurHash3 (32 bits). */
function hashOf(words: Int32Array, length: number): number {
  let hash = length;
  for (let at = 0; at < length; at += 1) {
    const mixed = Math.imul(words[at] as number, 0xcc9e2d51);
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function enlarged(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
