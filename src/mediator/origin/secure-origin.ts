import type { Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { CanonicalDestination } from './destination.ts';

/** Whom the mediator trusts: Node's and the system's roots, and those of `--upstream-ca`. */
export function trustedRoots(extra: readonly string[]): SecureContext {
  const roots = [...getCACertificates('default'), ...getCACertificates('system'), ...extra];
  return createSecureContext({ ca: [...new Set(roots)], minVersion: 'TLSv1.2' });
}

/** A handshake to make: whose certificate must show, the protocols to offer, and the trusted roots. */
export interface OriginHandshake {
  readonly to: CanonicalDestination;
  readonly protocols: readonly string[];
  readonly trust: SecureContext;
}

/** Takes TLS up with the origin behind a socket. Its certificate is always verified against the host; rejects when it does not hold. */
export function secureOrigin(
  socket: Socket,
  { to: { host, isAddress }, protocols, trust }: OriginHandshake,
): Promise<TLSSocket> {
  socket.allowHalfOpen = false; // TLS is over when one side is
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      ...(isAddress ? {} : { servername: host }),
      ALPNProtocols: [...protocols],
      secureContext: trust,
      rejectUnauthorized: true,
    });
    secured.on('error', reject); // stays: a later failure shows as `close`
    secured.once('close', () => reject(new Error('the origin closed during the handshake')));
    secured.once('secureConnect', () => resolve(secured));
  });
}
