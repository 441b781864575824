import type { Entry } from './dialect.ts';

/** An entry in the form for comparisons: trimmed, lower-case, without trailing dots (microagent `internal/egress/policy.go`). */
export const normaliseEntry = (text: string): string => text.trim().toLowerCase().replace(/\.+$/, '');

/** The entries of one list by name. A search takes time proportional to the host's labels, not to the list's length. */
export class EntryIndex {
  readonly #byName = new Map<string, Entry>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) this.add(entry);
  }

  /** Adds an entry. Of entries with the same meaning the first one stays. */
  add(entry: Entry): void {
    const name = normaliseEntry(entry.text);
    if (name !== '' && !this.#byName.has(name)) this.#byName.set(name, entry);
  }

  /** The entry with exactly this meaning. `name` is normalised. */
  equal(name: string): Entry | null {
    return this.#byName.get(name) ?? null;
  }

  /** The entry equal to the host, else the longest matching suffix entry. `host` is normalised. */
  find(host: string): Entry | null {
    return (host.startsWith('.') ? null : this.equal(host)) ?? this.suffixOver(host);
  }

  /** The longest suffix entry that covers the name. For `.name` it must cover all that `.name` covers, and be another entry. */
  suffixOver(name: string): Entry | null {
    let rest = name.startsWith('.') ? name.slice(1) : `x.${name}`;
    for (let dot = rest.indexOf('.'); dot !== -1; dot = rest.indexOf('.')) {
      const suffix = this.#byName.get(rest.slice(dot));
      if (suffix) return suffix;
      rest = rest.slice(dot + 1);
    }
    return null;
  }
}
