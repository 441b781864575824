/** A destination split into its parts. `host` is normalised: lower-case, no trailing dots, no port, no brackets. */
export interface Destination {
  readonly host: string | null;
  readonly port: number | null;
}

const NOWHERE: Destination = { host: null, port: null };
const BRACKETED = /^\[([^\]]*)\]\.*(?::(\d*))?$/;
const WITH_PORT = /^([^:]*):(\d*)$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]*(?:%[\w.-]+)?$/i;

/** Default ports, by the scheme of a URL. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'https:': 443,
  'http:': 80,
  'ftp:': 21,
  'wss:': 443,
  'ws:': 80,
};

/** Whether the text is an IP address: four decimal parts, or any text with the colons of IPv6. */
export const isAddress = (text: string): boolean =>
  IPV4.test(text) || (IPV6.test(text) && text.split(':').length > 2);

/** The host if it is an IP address, as in `EgressEvent.address`; else null. */
export const addressIn = (host: string | null): string | null =>
  host !== null && isAddress(host) ? host : null;

/** The host in lower case without trailing dots; null if nothing is left. Punycode is not decoded. */
export function normaliseHost(text: string): string | null {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/[\s.]+$/, '');
  return host === '' ? null : host;
}

/** Splits `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address. */
export function splitDestination(text: string): Destination {
  const trimmed = text.trim().replace(/[\s.]+$/, '');
  const bracketed = BRACKETED.exec(trimmed);
  if (bracketed) return { host: normaliseHost(bracketed[1] ?? ''), port: toPort(bracketed[2]) };
  const withPort = WITH_PORT.exec(trimmed);
  if (withPort) return { host: normaliseHost(withPort[1] ?? ''), port: toPort(withPort[2]) };
  return { host: normaliseHost(trimmed), port: null };
}

/** The host and port of a URL as they are written. Nothing is decoded, resolved or checked. */
export function splitUrl(url: string): Destination {
  const parts = /^([a-z][a-z0-9+.-]*:)\/\/([^/?#\\]*)/i.exec(url);
  if (!parts) return NOWHERE;
  const authority = (parts[2] ?? '').replace(/^.*@/s, '');
  const { host, port } = splitDestination(authority);
  return { host, port: port ?? DEFAULT_PORTS[(parts[1] ?? '').toLowerCase()] ?? null };
}

function toPort(digits: string | undefined): number | null {
  const port = digits ? Number(digits) : Number.NaN;
  return port <= 65_535 ? port : null;
}
