import type { Entry } from './dialect.ts';

/** An entry as it is compared: trimmed, lower-case, without trailing dots (microagent `internal/egress/policy.go`). */
export const normaliseEntry = (text: string): string => text.trim().toLowerCase().replace(/\.+$/, '');

/** One list's entries by name: finds what names a host in time proportional to the host's labels, whatever the list's length. */
export class EntryIndex {
  readonly #byName = new Map<string, Entry>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) this.add(entry);
  }

  /** Of entries that mean the same, the first one added is found. */
  add(entry: Entry): void {
    const name = normaliseEntry(entry.text);
    if (name !== '' && !this.#byName.has(name)) this.#byName.set(name, entry);
  }

  /** The entry of just this meaning. `name` is normalised. */
  equal(name: string): Entry | null {
    return this.#byName.get(name) ?? null;
  }

  /** The equal entry, else the longest suffix entry. `host` is normalised. */
  find(host: string): Entry | null {
    return (host.startsWith('.') ? null : this.equal(host)) ?? this.suffixOver(host);
  }

  /** The longest suffix entry that covers the host, or (for `.name`) everything the suffix does, and is not that suffix itself. */
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
