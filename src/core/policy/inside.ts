import { parseAddress, type Address } from './address.ts';
import { rangeOf, sharePrefix, type AddressRange } from './address-range.ts';

/** A block of addresses of one kind. */
interface InsideRange extends AddressRange {
  readonly label: string;
}

const range = (cidr: string, label: string): InsideRange => ({ ...rangeOf(cidr), label });

/**
 * Destinations that are not the public Internet. The modes `guarded` and `ask` refuse them unless an entry names them. The ranges are those
 * that the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, as of RFC 9780) call not globally reachable. Added are
 * multicast (RFC 5771, RFC 4291 §2.7), former site-local addresses (RFC 3879), and the fixed address of one cloud. Documentation ranges are
 * omitted: no machine has such an address.
 */
export const INSIDE: readonly InsideRange[] = [
  range('127.0.0.0/8', 'loopback'),
  range('::1/128', 'loopback'),
  range('169.254.0.0/16', 'link-local'),
  range('fe80::/10', 'link-local'),
  range('224.0.0.0/24', 'link-local multicast'),
  range('10.0.0.0/8', 'private'),
  range('172.16.0.0/12', 'private'),
  range('192.168.0.0/16', 'private'),
  range('fc00::/7', 'unique local'),
  range('0.0.0.0/32', 'unspecified'),
  range('::/128', 'unspecified'),
  range('100.64.0.0/10', 'carrier-grade NAT'),
  range('0.0.0.0/8', 'this network'),
  range('192.0.0.0/24', 'protocol assignment'),
  range('192.88.99.0/24', 'former 6to4 relay'),
  range('198.18.0.0/15', 'benchmarking'),
  range('224.0.0.0/4', 'multicast'),
  range('255.255.255.255/32', 'broadcast'),
  range('240.0.0.0/4', 'reserved'),
  range('168.63.129.16/32', 'cloud wire server'), // Azure: the host's own agent, reachable from every virtual network
  range('64:ff9b:1::/48', 'local NAT64'),
  range('100::/64', 'discard-only'),
  range('100:0:0:1::/64', 'dummy prefix'),
  range('2001:2::/48', 'benchmarking'),
  range('2001:10::/28', 'former ORCHID'),
  range('5f00::/16', 'segment routing'),
  range('fec0::/10', 'site-local'),
  range('ff00::/8', 'multicast'),
];

/**
 * IPv6 ranges whose addresses embed an IPv4 address, to which the packets are finally sent. `v4At`: how many bits to shift the address
 * right; `mask`: the bits to flip then.
 */
const CARRIERS: readonly (AddressRange & { readonly v4At: bigint; readonly mask: bigint })[] = [
  { ...rangeOf('64:ff9b::/96'), v4At: 0n, mask: 0n }, // NAT64, RFC 6052
  { ...rangeOf('2002::/16'), v4At: 80n, mask: 0n }, // 6to4, RFC 3056
  { ...rangeOf('2001::/32'), v4At: 64n, mask: 0n }, // Teredo's server, RFC 4380 §4
  { ...rangeOf('2001::/32'), v4At: 0n, mask: 0xffff_ffffn }, // Teredo's client, whose bits are inverted
  { ...rangeOf('::/96'), v4At: 0n, mask: 0n }, // IPv4-compatible, RFC 4291 §2.5.5.1
];
const V4_MAPPED = 0xffff_0000_0000n;

/** Addresses of cloud metadata services, which give credentials to any caller. */
const METADATA = new Set(
  ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', 'fd00:ec2::254'].map(
    parseAddress,
  ),
);

/** Names of cloud metadata services. */
export const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'metadata.azure.internal',
]);

/** Whether the address is in `ffx2::/16`, with any flags x. */
const isLinkLocalMulticast = (address: Address): boolean => ((address >> 112n) & 0xff0fn) === 0xff02n;

/** The kind of non-public address in the text (`private`, `loopback`, …); null for a public address and for a name. */
export function insideKind(text: string): string | null {
  const address = parseAddress(text);
  return address === null ? null : (kindOf(address) ?? carriedKind(address));
}

function kindOf(address: Address): string | null {
  if (isLinkLocalMulticast(address)) return 'link-local multicast';
  return INSIDE.find(({ base, bits }) => sharePrefix(base, address, bits))?.label ?? null;
}

/** The kind of the IPv4 address that an IPv6 address embeds, as in `private in 6to4`; null where that address is public or missing. */
function carriedKind(address: Address): string | null {
  for (const { base, bits, v4At, mask } of CARRIERS) {
    if (!sharePrefix(base, address, bits)) continue;
    const kind = kindOf(V4_MAPPED | (((address >> v4At) & 0xffff_ffffn) ^ mask));
    if (kind !== null) return kind;
  }
  return null;
}

/** The kind of non-public address that a range of `bits` around `base` lies in or contains; null where there is none. */
export const insideKindAmong = (base: Address, bits: number): string | null =>
  INSIDE.find(range => sharePrefix(range.base, base, Math.min(bits, range.bits)))?.label ?? null;

/** Whether the host is a cloud's metadata service, by address or by name. */
export const isMetadata = (host: string): boolean =>
  METADATA_NAMES.has(host) || (parseAddress(host) !== null && METADATA.has(parseAddress(host)));
