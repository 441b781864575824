import { parseAddress } from '../../../core/policy/address.ts';
import { rangeOf, sharePrefix } from '../../../core/policy/address-range.ts';

/*
 * The matching of zeph (`crates/zeph-tools/src/net.rs` and `domain_match.rs`, `crates/zeph-common/src/net.rs`). A URL is parsed as the
 * WHATWG says. Its host is compared with the entries as they are written.
 */

/** Whether an entry names a URL's host: `*.S` one label before `.S`, else equality. Both as they stand. */
export function domainMatches(entry: string, host: string): boolean {
  if (!entry.startsWith('*.')) return entry === host;
  const suffix = entry.slice(1);
  const label = host.endsWith(suffix) ? host.slice(0, -suffix.length) : '';
  return label !== '' && !label.includes('.');
}

/** The URL a WHATWG parser makes of the text; null where it is none. */
export function parseUrl(text: string): URL | null {
  return URL.parse(text);
}

/** The host as it stands in a URL (lower-case, punycode, IPv6 in brackets, a trailing dot kept); null where none can be made of it. */
export function urlHost(host: string): string | null {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return /[/?#\\@\s]/.test(host) ? null : parseUrl(`https://${bracketed}/`)?.hostname || null;
}

/** Whether a URL's host is an address and no name. */
export const isIpLiteral = (host: string): boolean => host.startsWith('[') || parseAddress(host) !== null;

/** Whether zeph refuses the host of a URL before it looks at the lists: a private address, or a name that is local by convention. */
export function isPrivateHost(host: string): boolean {
  if (isIpLiteral(host)) return isPrivateAddress(host.replace(/^\[|\]$/g, ''));
  return host === 'localhost' || /\.(?:localhost|internal|local)$/.test(host);
}

/** `is_private_ip`: not microagent's idea of an inside address (no multicast, but the broadcast address). */
export function isPrivateAddress(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && PRIVATE.some(({ base, bits }) => sharePrefix(base, address, bits));
}

const PRIVATE = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '0.0.0.0',
  '255.255.255.255',
  '100.64.0.0/10',
  '::1',
  '::',
  'fc00::/7',
  'fe80::/10',
].map(rangeOf);
