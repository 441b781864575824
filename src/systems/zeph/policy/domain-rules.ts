import { parseAddress } from '../../../core/policy/address.ts';
import { rangeOf, sharePrefix } from '../../../core/policy/address-range.ts';

/*
 * The matching of zeph (`crates/zeph-tools/src/net.rs` and `domain_match.rs`, `crates/zeph-common/src/net.rs`). A URL is parsed as the
 * WHATWG says. Its host is compared with the entries as they are written.
 */

/** Whether an entry matches a URL's host: `*.S` matches one label before `.S`, any other entry must be equal. Neither is normalised. */
export function domainMatches(entry: string, host: string): boolean {
  if (!entry.startsWith('*.')) return entry === host;
  const suffix = entry.slice(1);
  const label = host.endsWith(suffix) ? host.slice(0, -suffix.length) : '';
  return label !== '' && !label.includes('.');
}

/** The URL that a WHATWG parser makes of the text; null for an invalid one. */
export function parseUrl(text: string): URL | null {
  return URL.parse(text);
}

/** The host as in a URL (lower-case, punycode, IPv6 in brackets, a trailing dot kept); null for a host that no URL can have. */
export function urlHost(host: string): string | null {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return /[/?#\\@\s]/.test(host) ? null : parseUrl(`https://${bracketed}/`)?.hostname || null;
}

/** Whether a URL's host is an address. */
export const isIpLiteral = (host: string): boolean => host.startsWith('[') || parseAddress(host) !== null;

/** Whether zeph refuses the host regardless of its lists: a private address, or a name that is local by convention. */
export function isPrivateHost(host: string): boolean {
  if (isIpLiteral(host)) return isPrivateAddress(host.replace(/^\[|\]$/g, ''));
  return host === 'localhost' || /\.(?:localhost|internal|local)$/.test(host);
}

/** zeph's `is_private_ip`. It differs from microagent's list: multicast is missing and the broadcast address included. */
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
