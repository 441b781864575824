import { type CanonicalDestination, readAuthority } from '../origin/destination.ts';

/** Why a TLS handshake may not go on: the name it asserts is not the one that was ruled on. Null when it may. */
export interface NameMismatch {
  readonly reason: string;
  readonly signal: 'name-destination-mismatch';
}

/** Compares the SNI of a ClientHello with the destination of its tunnel. Addresses carry no SNI (RFC 6066 §3); a name must assert itself. */
export function checkServerName(
  destination: CanonicalDestination,
  serverName: string | null,
  isOpened: boolean,
): NameMismatch | null {
  const signal = 'name-destination-mismatch';
  if (serverName === null)
    return destination.isAddress || isOpened
      ? null
      : { signal, reason: `${signal}: the handshake names no host, the tunnel ${destination.host}` };
  const named = readAuthority(/[:[\]]/.test(serverName) ? '' : serverName, destination.port); // no port, no literal
  const isSame = named.type === 'destination' && named.destination.host === destination.host;
  return isSame
    ? null
    : { signal, reason: `${signal}: the handshake names ${serverName}, the tunnel ${destination.host}` };
}
