import { type CanonicalDestination, readAuthority, shown } from '../origin/destination.ts';

/** Where a request goes and what it asks for there, or why it is refused. */
export type RequestTarget =
  | { readonly type: 'target'; readonly destination: CanonicalDestination; readonly path: string }
  | { readonly type: 'refused'; readonly host: string | null; readonly reason: string };

const HTTP_PORT = 80;
const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)/i;

/**
 * Reads the absolute form that a forward proxy is sent (RFC 9112 §3.2.2). A Host field that names another host is refused: one of the two
 * lies. OPTIONS without a path asks for the whole server (§3.2.4).
 */
export function readAbsoluteTarget(
  target: string,
  hostField: string | null,
  method: string = 'GET',
): RequestTarget {
  const parts = ABSOLUTE.exec(target);
  if (!parts)
    return {
      type: 'refused',
      host: hostField && shown(hostField),
      reason: 'this is a proxy: send the absolute URL',
    };
  const [, scheme = '', authority = '', rest = ''] = parts;
  if (scheme.toLowerCase() !== 'http')
    return { type: 'refused', host: shown(authority), reason: `${scheme}:// goes through CONNECT` };
  const read = readAuthority(authority, HTTP_PORT);
  if (read.type === 'refused') return read;
  if (hostField !== null && !namesSame(hostField, read.destination))
    return {
      type: 'refused',
      host: read.destination.host,
      reason: `name-destination-mismatch: Host names ${shown(hostField)}`,
    };
  const path = method === 'OPTIONS' && rest === '' ? '*' : rest.startsWith('/') ? rest : `/${rest}`;
  return { type: 'target', destination: read.destination, path };
}

/** Reads a request inside a tunnel: Host (`:authority`, or the absolute form's, which goes before it) may name the tunnel's host or another one. */
export function readTunnelledTarget(
  target: string,
  hostField: string | null,
  tunnel: CanonicalDestination,
): RequestTarget {
  const absolute = ABSOLUTE.exec(target);
  const path = absolute?.[3] ?? target;
  const authority = absolute?.[2] ?? hostField;
  if (!path.startsWith('/') && path !== '*')
    return { type: 'refused', host: tunnel.host, reason: 'not a path' };
  if (authority === null || authority === '')
    return { type: 'refused', host: tunnel.host, reason: 'the request names no host' };
  const read = readAuthority(authority, tunnel.port); // behind an odd port many clients leave it out
  if (read.type === 'refused') return read;
  return { type: 'target', destination: read.destination, path };
}

function namesSame(hostField: string, destination: CanonicalDestination): boolean {
  const read = readAuthority(hostField, destination.port);
  return (
    read.type === 'destination' &&
    read.destination.host === destination.host &&
    read.destination.port === destination.port
  );
}

/** Whether two destinations are one. */
export const isSameDestination = (one: CanonicalDestination, other: CanonicalDestination): boolean =>
  one.host === other.host && one.port === other.port;
