import { type Address, parseAddress } from '../../../core/policy/address.ts';
import type { Attempt } from '../../../core/policy/dialect.ts';
import { splitDestination, splitUrl } from '../../../core/host.ts';
import { comparedName } from './entry-kind.ts';

/** A destination in the form in which the lists are asked: a name with its addresses, or an address. */
export interface Attempted {
  /** The text in messages. */
  readonly text: string;
  /** The name for comparisons; null for an address. */
  readonly name: string | null;
  /** The address, or the addresses to which the name resolved. */
  readonly addresses: readonly Address[];
  /** False for a name that nobody looked up. */
  readonly isResolved: boolean;
}

/** The destination of an attempt; null without a usable one. Names are not resolved here: only `Attempt.addresses` is used. */
export function attemptedBy({ host, url, address, addresses }: Attempt): Attempted | null {
  const text = [hostIn(host), splitUrl(url ?? '').host, hostIn(address)].find(found => found !== null);
  if (text === undefined || text === null) return null;
  const own = parseAddress(text);
  if (own !== null) return { text, name: null, addresses: [own], isResolved: true };
  const found = (addresses ?? []).map(parseAddress).filter(parsed => parsed !== null);
  return { text, name: comparedName(text), addresses: found, isResolved: addresses !== undefined };
}

/** The host in a text. A bare IPv6 address has colons and no port. */
function hostIn(text: string | null): string | null {
  if (text === null) return null;
  return parseAddress(text) === null ? splitDestination(text).host : text.toLowerCase();
}
