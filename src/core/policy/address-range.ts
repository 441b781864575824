import { parseAddress, type Address } from './address.ts';

/** The addresses whose first `bits` of 128 equal those of `base`. IPv4 is held in v4-mapped form, as in `Address`. */
export interface AddressRange {
  readonly base: Address;
  readonly bits: number;
}

const V4_BITS = 96;
const LENGTH = /^(?:0|[1-9]\d{0,2})$/;

/**
 * A range from `address/length` or a single address; null for anything else. Bits behind the length may be set, as in Go's `net.ParseCIDR`.
 */
export function parseRange(text: string): AddressRange | null {
  const [address = '', length, ...rest] = text.split('/');
  const base = address.includes('%') ? null : parseAddress(address);
  if (base === null || rest.length > 0) return null;
  if (length === undefined) return { base, bits: 128 };
  const offset = address.includes(':') ? 0 : V4_BITS;
  const bits = LENGTH.test(length) ? Number(length) + offset : Number.NaN;
  return bits <= 128 ? { base, bits } : null;
}

/** A range from a constant of the program. Throws where the text is no range. */
export function rangeOf(cidr: string): AddressRange {
  const range = parseRange(cidr);
  if (range === null) throw new Error(`no address range: ${cidr}`);
  return range;
}

/** Whether two addresses have the same first `bits`. */
export const sharePrefix = (one: Address, other: Address, bits: number): boolean =>
  one >> BigInt(128 - bits) === other >> BigInt(128 - bits);

/** Whether the range contains the address. An IPv6 range never contains an IPv4 address, however wide it is. */
export const rangeHolds = ({ base, bits }: AddressRange, address: Address): boolean =>
  sharePrefix(base, address, bits) && (bits >= V4_BITS || !isV4(address));

/** Whether the address is IPv4, perhaps spelled as `::ffff:10.0.0.1`. */
const isV4 = (address: Address): boolean => address >> 32n === 0xffffn;
