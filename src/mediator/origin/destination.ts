import { domainToASCII } from 'node:url';
import { parseAddress } from '../../core/policy/address.ts';

/** Where a client wants to go, in the one spelling that is ruled on, resolved and recorded. */
export interface CanonicalDestination {
  /** Lower-case, no trailing dot, no brackets; an IP in its canonical form, v4-mapped ones as IPv4. */
  readonly host: string;
  readonly port: number;
  /** Whether the host is an IP address, so that nothing needs resolving. */
  readonly isAddress: boolean;
}

/** A destination, or why the text names none. `host` is what was asked for, as far as it can be shown. */
export type DestinationOrRefusal =
  | { readonly type: 'destination'; readonly destination: CanonicalDestination }
  | { readonly type: 'refused'; readonly host: string; readonly reason: string };

/** RFC 1035 §2.3.4, without the root's dot. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
const HOST_CHARACTERS = /^[A-Za-z0-9._:[\]-]+$/;
/** A name that is canonical as it stands: with no punycode to check, and no last label that could be a number (WHATWG URL §3.5). */
const PLAIN_NAME = /^(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9_-]{0,62}$/;
const AUTHORITY = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/;

/** Reads `host:port`, `[v6]:port` or, where a default is given, a host alone. Odd IP spellings become the address they mean; all else that is odd is refused. */
export function readAuthority(text: string, defaultPort: number | null): DestinationOrRefusal {
  const refused = (reason: string): DestinationOrRefusal => ({ type: 'refused', host: shown(text), reason });
  if (text.includes('@')) return refused('a user name stands before the host');
  const parts = AUTHORITY.exec(text);
  if (!parts) return refused('not a host and port');
  const port = parts[2] === undefined ? defaultPort : Number(parts[2]);
  if (port === null || port < 1 || port > 65_535) return refused('no port between 1 and 65535');
  const host = canonicalHost(parts[1] ?? '');
  if (host.type === 'refused') return refused(host.reason);
  return { type: 'destination', destination: { ...host, port } };
}

type Host =
  | { readonly type: 'host'; readonly host: string; readonly isAddress: boolean }
  | { readonly type: 'refused'; readonly reason: string };

const refuse = (reason: string): Host => ({ type: 'refused', reason });

function canonicalHost(text: string): Host {
  if (text === '') return refuse('empty host');
  if (!/^[\x21-\x7e]*$/.test(text)) return refuse('host is not ASCII; send its punycode form');
  if (!HOST_CHARACTERS.test(text)) return refuse('a character that no host name has');
  const name = text.toLowerCase().replace(/\.+$/, '');
  if (name.startsWith('[')) return bracketed(name);
  if (name === '' || name.length > LONGEST_NAME) return refuse('host name empty or too long');
  if (name.split('.').some(label => label === '' || label.length > LONGEST_LABEL))
    return refuse('an empty or over-long label');
  if (PLAIN_NAME.test(name) && !name.includes('xn--')) return { type: 'host', host: name, isAddress: false };
  const canonical = domainToASCII(name);
  if (canonical === '') return refuse('not a host name');
  const isAddress = parseAddress(canonical) !== null;
  return { type: 'host', host: canonical, isAddress };
}

function bracketed(text: string): Host {
  const bits = parseAddress(text.slice(1, -1));
  if (bits === null) return refuse('not an IPv6 address');
  return { type: 'host', host: spellAddress(bits), isAddress: true };
}

/** The canonical text of an address: IPv4 dotted (also for v4-mapped), IPv6 after RFC 5952. */
function spellAddress(bits: bigint): string {
  if (bits >> 32n === 0xffffn) return dotted(bits & 0xffff_ffffn);
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

const dotted = (bits: bigint): string =>
  [24n, 16n, 8n, 0n].map(shift => String((bits >> shift) & 0xffn)).join('.');

/** The same address in canonical spelling; the text itself when it is none. */
export function canonicalAddress(text: string): string {
  const bits = parseAddress(text);
  return bits === null ? text : spellAddress(bits);
}

/** The IPv4 address inside a NAT64 (RFC 6052), 6to4 (RFC 3056), v4-translated (RFC 2765) or v4-compatible IPv6 one; null elsewhere. A gateway may send it there. */
export function embeddedAddress(text: string): string | null {
  const bits = parseAddress(text);
  if (bits === null) return null;
  if (bits >> 32n === 0x0064_ff9b_0000_0000_0000_0000n) return dotted(bits & 0xffff_ffffn);
  if (bits >> 32n === 0xffff_0000n) return dotted(bits & 0xffff_ffffn);
  if (bits >> 112n === 0x2002n) return dotted((bits >> 80n) & 0xffff_ffffn);
  return bits >> 32n === 0n && bits > 1n ? dotted(bits) : null;
}

/** An authority as records and answers may show it: what stands before `@` may be a password. */
export const shown = (text: string): string => text.slice(text.lastIndexOf('@') + 1).slice(0, LONGEST_NAME);

/** The destination as `host:port`, IPv6 in brackets. */
export const spellDestination = ({ host, port }: Pick<CanonicalDestination, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
