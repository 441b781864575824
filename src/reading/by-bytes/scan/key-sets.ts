import type { Kernel } from './load-kernel.ts';
import type { Layouts } from './layouts.ts';

/** Keys that get a place, as many as the kernel has bits for. */
const MAX_PLACES = 64;
const WORD_BITS = 32;

/**
 * The sets of keys that records have whose keys stand in an order that was not learnt. Objects that are opened are left to `KeyPaths`,
 * which knows of keys within others.
 */
export class KeySets {
  readonly #kernel: Kernel;
  readonly #layouts: Layouts;
  readonly #isNamed: (key: string) => boolean;
  /** By their places. */
  readonly #keys: string[] = [];

  constructor(kernel: Kernel, layouts: Layouts, isNamed: (key: string) => boolean) {
    [this.#kernel, this.#layouts, this.#isNamed] = [kernel, layouts, isNamed];
  }

  /** Gives the key that the kernel asks for a place, if a shape names it. */
  place(): void {
    const { memory, unknownKey, unknownKeyBytes } = this.#kernel;
    const bytes = new Uint8Array(memory.buffer, unknownKey.value, unknownKeyBytes.value);
    const key = String.fromCharCode(...bytes);
    const isPlaced = this.#isNamed(key) && this.#keys.length < MAX_PLACES;
    this.#kernel.tellPlace(isPlaced ? this.#keys.push(key) : 0);
  }

  /** Learns how records are read that have the keys of the last one. */
  learn(): void {
    const [lower, upper] = [this.#kernel.lowerKeys(), this.#kernel.upperKeys()];
    const places = this.#keys
      .map((key, place) => [key, place] as const)
      .filter(([, place]) => ((place < WORD_BITS ? lower : upper) & (1 << (place % WORD_BITS))) !== 0);
    this.#kernel.tellSet(this.#layouts.learn(new Map(places)));
  }
}
