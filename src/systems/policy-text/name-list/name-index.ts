import type { Entry } from '../../../core/policy/dialect.ts';
import type { NameRules } from './name-rules.ts';

/** Finds entries of a list by host, with one look-up for each label of the host. */
export class NameIndex {
  readonly #rules: NameRules;
  readonly #byKey = new Map<string, Entry>();

  constructor(entries: readonly Entry[], rules: NameRules) {
    this.#rules = rules;
    for (const entry of entries) {
      const key = rules.keyOf(entry.text);
      if (!this.#byKey.has(key)) this.#byKey.set(key, entry);
    }
  }

  /** The entry that covers the host, the first in the file of several; null without one. */
  find(host: string): Entry | null {
    let first: Entry | null = null;
    for (const key of this.#rules.keysOf(host)) {
      const entry = this.#byKey.get(key);
      if (entry && (first === null || entry.line < first.line) && this.#rules.covers(entry.text, host))
        first = entry;
    }
    return first;
  }
}
