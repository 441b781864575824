/** An IP address as 128 bits; IPv4 in its v4-mapped form, so that `::ffff:10.0.0.1` and `10.0.0.1` are one. */
export type Address = bigint;

const MAPPED = 0xffff_0000_0000n;
const DECIMAL_PART = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** The address a text spells canonically (no octal, hex or short IPv4 forms; an IPv6 zone id is cut); null for anything else. */
export function parseAddress(text: string): Address | null {
  const unzoned = text.replace(/%.*$/, '');
  return unzoned.includes(':') ? parseV6(unzoned) : parseV4(text);
}

function parseV4(text: string): Address | null {
  if (!/\d$/.test(text)) return null; // nearly every host is a name: told from its end, it costs nothing
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let bits = 0n;
  for (const part of parts) {
    if (!DECIMAL_PART.test(part) || Number(part) > 255) return null;
    bits = (bits << 8n) | BigInt(part);
  }
  return MAPPED | bits;
}

function parseV6(text: string): Address | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = [groups(halves[0] ?? ''), groups(halves[1] ?? '')];
  if (!head || !tail || (halves.length === 2 && halves[0]?.includes('.'))) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce(
    (bits, group) => (bits << 16n) | group,
    0n,
  );
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 may stand last. */
function groups(side: string): bigint[] | null {
  if (side === '') return [];
  const found: bigint[] = [];
  const parts = side.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (embedded !== null) found.push((embedded >> 16n) & 0xffffn, embedded & 0xffffn);
    else if (GROUP.test(part)) found.push(BigInt(`0x${part}`));
    else return null;
  }
  return found;
}

/** A block of addresses: those that share its first `bits` of 128. */
interface Range {
  readonly label: string;
  readonly base: Address;
  readonly bits: number;
}

function range(cidr: string, label: string): Range {
  const [base = '', length = ''] = cidr.split('/');
  const parsed = parseAddress(base);
  if (parsed === null) throw new Error(`no address: ${cidr}`);
  return { label, base: parsed, bits: Number(length) + (base.includes(':') ? 0 : 96) };
}

/** The destinations microagent calls inside (`internal/egress`, isInternal): a broad mode refuses them unless an entry names them. */
export const INSIDE: readonly Range[] = [
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

const holds = ({ base, bits }: Range, address: Address): boolean =>
  address >> BigInt(128 - bits) === base >> BigInt(128 - bits);

/** `ffx2::/16`, whatever the flags x. */
const isLinkLocalMulticast = (address: Address): boolean => ((address >> 112n) & 0xff0fn) === 0xff02n;

/** What kind of inside address the text spells (`private`, `loopback`, …); null for a public address and for a name. */
export function insideKind(text: string): string | null {
  const address = parseAddress(text);
  if (address === null) return null;
  if (isLinkLocalMulticast(address)) return 'link-local multicast';
  return INSIDE.find(range => holds(range, address))?.label ?? null;
}

/** What kind of inside address is among those that share the first `bits` of 128 with `base`; null where none is. */
export const insideKindAmong = (base: Address, bits: number): string | null =>
  INSIDE.find(range => holds({ ...range, bits: Math.min(bits, range.bits) }, base))?.label ?? null;

/** Whether the host is a cloud's metadata service, by address or by name. */
export const isMetadata = (host: string): boolean =>
  METADATA_NAMES.has(host) || (parseAddress(host) !== null && METADATA.has(parseAddress(host)));
