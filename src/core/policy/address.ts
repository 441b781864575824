/** An IP address as 128 bits. IPv4 is held in v4-mapped form, so that `::ffff:10.0.0.1` and `10.0.0.1` are equal. */
export type Address = bigint;

const MAPPED = 0xffff_0000_0000n;
const DECIMAL_PART = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** Parses an IP address in its usual spelling: no octal, hex or short IPv4 forms. An IPv6 zone id is dropped. Null for anything else. */
export function parseAddress(text: string): Address | null {
  const unzoned = text.replace(/%.*$/, '');
  return unzoned.includes(':') ? parseV6(unzoned) : parseV4(text);
}

function parseV4(text: string): Address | null {
  if (!/\d$/.test(text)) return null; // shortcut: most hosts are names, whose last character is no digit
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

/** The 16-bit groups on one side of `::`. The last one may be a dotted IPv4 address. */
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
