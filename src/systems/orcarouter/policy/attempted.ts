import { type Address, parseAddress } from '../../../core/policy/address.ts';
import type { Attempt } from '../../../core/policy/dialect.ts';
import { splitDestination, splitUrl } from '../../../core/host.ts';
import { comparedName } from './entry-kind.ts';

/** A destination as the lists are asked about it: a name with what it was looked up to, or an address. */
export interface Attempted {
  /** As it is told. */
  readonly text: string;
  /** As it is compared; null for an address. */
  readonly name: string | null;
  /** Of an address, itself; of a name, what it was looked up to. */
  readonly addresses: readonly Address[];
  /** False for a name that nobody looked up. */
  readonly isResolved: boolean;
}

/** The destination of an attempt; null where it names none that can be used. Only `Attempt.addresses` counts as a look-up: nothing is resolved here. */
export function attemptedBy({ host, url, address, addresses }: Attempt): Attempted | null {
  const text = [hostIn(host), splitUrl(url ?? '').host, hostIn(address)].find(found => found !== null);
  if (text === undefined || text === null) return null;
  const own = parseAddress(text);
  if (own !== null) return { text, name: null, addresses: [own], isResolved: true };
  const found = (addresses ?? []).map(parseAddress).filter(parsed => parsed !== null);
  return { text, name: comparedName(text), addresses: found, isResolved: addresses !== undefined };
}

/** A bare IPv6 address has colons and no port. */
function hostIn(text: string | null): string | null {
  if (text === null) return null;
  return parseAddress(text) === null ? splitDestination(text).host : text.toLowerCase();
}
