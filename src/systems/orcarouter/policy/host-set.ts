import type { Address } from '../../../core/policy/address.ts';
import { rangeHolds, type AddressRange } from '../../../core/policy/address-range.ts';
import type { Entry } from '../../../core/policy/dialect.ts';
import { entryKind } from './entry-kind.ts';

/** One side of a list, `deny` or `allow`: its names, which are compared for equality, and its addresses and ranges in order. */
export class HostSet {
  readonly entries: readonly Entry[];
  readonly #names = new Map<string, Entry>();
  readonly #ranges: (readonly [AddressRange, Entry])[] = [];

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
    for (const entry of entries) {
      const kind = entryKind(entry.text);
      if (kind.type === 'name' && !this.#names.has(kind.name)) this.#names.set(kind.name, entry);
      if (kind.type === 'range') this.#ranges.push([kind.range, entry]);
    }
  }

  get hasAddresses(): boolean {
    return this.#ranges.length > 0;
  }

  /** The entry equal to the name, which must come from `comparedName`. */
  named(name: string | null): Entry | null {
    return name === null ? null : (this.#names.get(name) ?? null);
  }

  /** The entry that contains the first address which any range contains. */
  anyOf(addresses: readonly Address[]): Entry | null {
    for (const address of addresses) {
      const entry = this.#holding(address);
      if (entry) return entry;
    }
    return null;
  }

  /** The entry that contains the first address, if every address is in some range. Null otherwise, and without addresses. */
  allOf(addresses: readonly Address[]): Entry | null {
    const entries = addresses.map(address => this.#holding(address));
    return entries.every(entry => entry !== null) ? (entries[0] ?? null) : null;
  }

  #holding(address: Address): Entry | null {
    return this.#ranges.find(([range]) => rangeHolds(range, address))?.[1] ?? null;
  }
}
