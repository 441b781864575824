import { parseAddress, type Address } from './address.ts';
import { rangeOf, sharePrefix, type AddressRange } from './address-range.ts';

/** A block of addresses that are of one kind. */
interface InsideRange extends AddressRange {
  readonly label: string;
}

const range = (cidr: string, label: string): InsideRange => ({ ...rangeOf(cidr), label });

/** The destinations microagent calls inside (`internal/egress`, isInternal): a broad mode refuses them unless an entry names them. */
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
];

/** Addresses under which clouds hand out credentials to whoever asks. */
const METADATA = new Set(
  ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', 'fd00:ec2::254'].map(
    parseAddress,
  ),
);

/** Names under which clouds serve the same. */
export const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'metadata.azure.internal',
]);

/** `ffx2::/16`, whatever the flags x. */
const isLinkLocalMulticast = (address: Address): boolean => ((address >> 112n) & 0xff0fn) === 0xff02n;

/** What kind of inside address the text spells (`private`, `loopback`, …); null for a public address and for a name. */
export function insideKind(text: string): string | null {
  const address = parseAddress(text);
  if (address === null) return null;
  if (isLinkLocalMulticast(address)) return 'link-local multicast';
  return INSIDE.find(({ base, bits }) => sharePrefix(base, address, bits))?.label ?? null;
}

/** What kind of inside address is among those that share the first `bits` of 128 with `base`; null where none is. */
export const insideKindAmong = (base: Address, bits: number): string | null =>
  INSIDE.find(range => sharePrefix(range.base, base, Math.min(bits, range.bits)))?.label ?? null;

/** Whether the host is a cloud's metadata service, by address or by name. */
export const isMetadata = (host: string): boolean =>
  METADATA_NAMES.has(host) || (parseAddress(host) !== null && METADATA.has(parseAddress(host)));
