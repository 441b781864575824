import { parseAddress, type Address } from './address.ts';

/** The addresses that share their first `bits` of 128 bits; IPv4 counts in its v4-mapped form, as in `Address`. */
export interface AddressRange {
  readonly base: Address;
  readonly bits: number;
}

const V4_BITS = 96;
const LENGTH = /^(?:0|[1-9]\d{0,2})$/;

/** An address alone, or `address/length`; null for anything else. Bits behind the length may be set, as Go's `net.ParseCIDR` has it. */
export function parseRange(text: string): AddressRange | null {
  const [address = '', length, ...rest] = text.split('/');
  const base = address.includes('%') ? null : parseAddress(address);
  if (base === null || rest.length > 0) return null;
  if (length === undefined) return { base, bits: 128 };
  const offset = address.includes(':') ? 0 : V4_BITS;
  const bits = LENGTH.test(length) ? Number(length) + offset : Number.NaN;
  return bits <= 128 ? { base, bits } : null;
}

/** A range that stands in the program itself. Throws where it is none. */
export function rangeOf(cidr: string): AddressRange {
  const range = parseRange(cidr);
  if (range === null) throw new Error(`no address range: ${cidr}`);
  return range;
}

/** Whether two addresses have their first `bits` in common. */
export const sharePrefix = (one: Address, other: Address, bits: number): boolean =>
  one >> BigInt(128 - bits) === other >> BigInt(128 - bits);

/** Whether the address lies in the range. A range of IPv6 never holds an IPv4 address, however wide it is. */
export const rangeHolds = ({ base, bits }: AddressRange, address: Address): boolean =>
  sharePrefix(base, address, bits) && (bits >= V4_BITS || !isV4(address));

/** Whether the address is IPv4, perhaps spelled as `::ffff:10.0.0.1`. */
const isV4 = (address: Address): boolean => address >> 32n === 0xffffn;
