import { INSIDE, insideKind, isMetadata, METADATA_NAMES } from '../../core/policy/inside.ts';

/** OID of the extension, RFC 5280 §4.2.1.10. */
export const NAME_CONSTRAINTS = '2.5.29.30';

/** Names that are this machine or a cloud's metadata service, with all below them. */
const EXCLUDED_NAMES: readonly string[] = ['localhost', ...METADATA_NAMES];

/** Whether the local authority may say who a host is: not for inside addresses, this machine's own name and metadata services. */
export const mayVouchFor = (host: string): boolean =>
  insideKind(host) === null &&
  !isMetadata(host) &&
  !EXCLUDED_NAMES.some(name => host === name || host.endsWith(`.${name}`));

/** The extension's value (DER): the subtrees that no certificate under an authority may name. What it permits changes with every edit of the policy, so that it cannot be listed. */
export function excludedSubtrees(): Buffer {
  const names = EXCLUDED_NAMES.map(name => tlv(DNS_NAME, Buffer.from(name, 'ascii')));
  const addresses = INSIDE.map(({ base, bits }) => tlv(IP_ADDRESS, addressAndMask(base, bits)));
  const subtrees = [...names, ...addresses].map(base => tlv(SEQUENCE, base));
  return tlv(SEQUENCE, tlv(EXCLUDED, Buffer.concat(subtrees)));
}

const SEQUENCE = 0x30;
/** `[1]`, constructed. */
const EXCLUDED = 0xa1;
/** `[2]` and `[7]` of GeneralName, primitive. */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** Definite lengths of up to two bytes: all that is needed here. */
function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const V4_MAPPED_BITS = 96;
const ALL_ONES = (1n << 128n) - 1n;

/** 8 bytes for IPv4, 32 for IPv6: the address, then the mask. */
function addressAndMask(base: bigint, bits: number): Buffer {
  const mask = ALL_ONES ^ (ALL_ONES >> BigInt(bits));
  const isV4 = bits >= V4_MAPPED_BITS && base >> 32n === 0xffffn;
  return Buffer.concat([base, mask].map(value => bytesOf(value).subarray(isV4 ? 12 : 0)));
}

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
