import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import type { AddressRange } from '../../core/policy/address-range.ts';
import { INSIDE, insideKind, isMetadata, METADATA_NAMES } from '../../core/policy/inside.ts';

/** Names that are this machine or a cloud's metadata service, with all below them. */
const EXCLUDED_NAMES: readonly string[] = ['localhost', ...METADATA_NAMES];

/** Whether the local authority may say who a host is: not for inside addresses, this machine's own name and metadata services. */
export const mayVouchFor = (host: string): boolean =>
  insideKind(host) === null &&
  !isMetadata(host) &&
  !EXCLUDED_NAMES.some(name => host === name || host.endsWith(`.${name}`));

/**
 * The extension's value (DER): the subtrees that no certificate under an authority may name. It lists no permitted subtrees, because an
 * edit of the policy would change them.
 */
export function excludedSubtrees(): ArrayBuffer {
  const names = EXCLUDED_NAMES.map(dNSName => new GeneralName({ dNSName }));
  const ranges = INSIDE.map(range => new GeneralName({ iPAddress: spellRange(range) }));
  const subtrees = [...names, ...ranges].map(base => new GeneralSubtree({ base }));
  return AsnConvert.serialize(new NameConstraints({ excludedSubtrees: new GeneralSubtrees(subtrees) }));
}

const V4_MAPPED_BITS = 96;

/** An address range in CIDR notation; a v4-mapped one as IPv4. */
function spellRange({ base, bits }: AddressRange): string {
  const part = (width: number, index: number): bigint =>
    (base >> BigInt(width * index)) & ((1n << BigInt(width)) - 1n);
  if (bits >= V4_MAPPED_BITS && base >> 32n === 0xffffn)
    return `${[3, 2, 1, 0].map(index => part(8, index)).join('.')}/${bits - V4_MAPPED_BITS}`;
  return `${[7, 6, 5, 4, 3, 2, 1, 0].map(index => part(16, index).toString(16)).join(':')}/${bits}`;
}
