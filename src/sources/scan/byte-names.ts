/** Numbers for byte strings: the same bytes have the same number, counted from 0. A hash only finds the place; equality is of all bytes. */
export class ByteNames {
  /** Number + 1 by hash, with open addressing; 0 is free. */
  #slots = new Int32Array(1_024);
  #hashes = new Int32Array(512);
  /** Where each one's bytes end in the store. */
  #ends = new Int32Array(512);
  #store = new Uint8Array(32 * 1_024);
  #count = 0;

  /** The number of `bytes[0, length)`. */
  numberOf(bytes: Uint8Array, length: number): number {
    let hash = 0x811c9dc5 | 0; // FNV-1a
    for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const mask = this.#slots.length - 1;
    let slot = firstSlot(hash) & mask;
    for (;;) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) break;
      if (this.#hashes[number] === hash && this.#holds(number, bytes, length)) return number;
      slot = (slot + 1) & mask;
    }
    return this.#keep(hash, bytes, length);
  }

  #holds(number: number, bytes: Uint8Array, length: number): boolean {
    const start = number === 0 ? 0 : (this.#ends[number - 1] as number);
    if ((this.#ends[number] as number) - start !== length) return false;
    const store = this.#store;
    for (let at = 0; at < length; at += 1) if (store[start + at] !== bytes[at]) return false;
    return true;
  }

  #keep(hash: number, bytes: Uint8Array, length: number): number {
    if (this.#count === this.#hashes.length) this.#grow();
    const number = this.#count;
    const start = number === 0 ? 0 : (this.#ends[number - 1] as number);
    if (start + length > this.#store.length)
      this.#store = copied(this.#store, new Uint8Array(2 * (start + length)));
    this.#store.set(bytes.subarray(0, length), start);
    this.#ends[number] = start + length;
    this.#hashes[number] = hash;
    this.#place(hash, number);
    this.#count = number + 1;
    return number;
  }

  /** Half of the slots stay free. */
  #grow(): void {
    this.#hashes = copied(this.#hashes, new Int32Array(2 * this.#count));
    this.#ends = copied(this.#ends, new Int32Array(2 * this.#count));
    this.#slots = new Int32Array(4 * this.#count);
    for (let number = 0; number < this.#count; number += 1)
      this.#place(this.#hashes[number] as number, number);
  }

  #place(hash: number, number: number): void {
    const mask = this.#slots.length - 1;
    let slot = firstSlot(hash) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  /** Forgets all names, keeping the room they took. */
  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }
}

const firstSlot = (hash: number): number => hash ^ (hash >>> 15);

function copied<Numbers extends Int32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
