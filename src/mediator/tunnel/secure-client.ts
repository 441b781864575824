import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Identity } from '../certificates/authority.ts';

/** Takes TLS up with the client as the host of the leaf, offering just one protocol. Rejects when the client refuses us. */
export function secureClient(
  socket: Socket,
  leaf: Identity,
  { protocol, timeoutMs }: { readonly protocol: string; readonly timeoutMs: number },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // One server for each tunnel: its events then concern this client alone.
    const server = createServer({
      key: leaf.key,
      cert: leaf.certificate,
      minVersion: 'TLSv1.2',
      handshakeTimeout: timeoutMs,
      ALPNProtocols: [protocol],
    });
    server.once('tlsClientError', reject);
    server.once('secureConnection', resolve);
    socket.allowHalfOpen = false; // TLS is over when one side is: a client that leaves in the handshake is gone
    server.emit('connection', socket);
  });
}

/** Whether an error after the handshake is the client's alert about our certificate (TLS 1.3 sends it late): RFC 8446 §6. */
export const isCertificateAlert = (error: Error): boolean =>
  'code' in error &&
  /^ERR_SSL_.*(?:ALERT_UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ALERT_ACCESS_DENIED|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED)/.test(
    String(error.code),
  );

/** Whether a handshake failed because the client left it. Our certificate was sent by then, in answer to its first message. */
export const isDeparture = (error: Error): boolean =>
  'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code));
