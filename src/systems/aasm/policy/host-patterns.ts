import type { Entry } from '../../../core/policy/dialect.ts';
import { asciiLower } from './ascii-lower.ts';

/**
 * A list of patterns, indexed by kind (`aa-core/src/policy.rs`, egress_pattern_matches). `*` matches every host. `*.S` matches each longer
 * name that ends with `.S`. Any other must be equal, ignoring ASCII case. Finding an entry takes time proportional to the host's labels.
 */
export class HostPatterns {
  readonly #names = new Map<string, Entry>();
  /** By suffix, with the dot. */
  readonly #suffixes = new Map<string, Entry>();
  #longestSuffix = 0;
  #everything: Entry | null = null;

  constructor(patterns: Iterable<{ readonly entry: Entry; readonly pattern: string }>) {
    for (const { entry, pattern } of patterns) this.#add(asciiLower(pattern), entry);
  }

  #add(pattern: string, entry: Entry): void {
    if (pattern === '*') this.#everything ??= entry;
    const [names, name] = pattern.startsWith('*.')
      ? [this.#suffixes, pattern.slice(1)]
      : [this.#names, pattern];
    if (!names.has(name)) names.set(name, entry);
    if (names === this.#suffixes) this.#longestSuffix = Math.max(this.#longestSuffix, name.length);
  }

  /** The entry that matches the host: an equal one, else the longest suffix, else `*`. Of equal entries the first in the list. */
  find(host: string): Entry | null {
    const name = asciiLower(host);
    return this.#names.get(name) ?? this.#bySuffix(name) ?? this.#everything;
  }

  #bySuffix(name: string): Entry | null {
    if (this.#suffixes.size === 0) return null;
    const from = Math.max(1, name.length - this.#longestSuffix); // a hostile host may be a megabyte of dots
    for (let dot = name.indexOf('.', from); dot !== -1; dot = name.indexOf('.', dot + 1)) {
      const entry = this.#suffixes.get(name.slice(dot));
      if (entry) return entry;
    }
    return null;
  }
}
