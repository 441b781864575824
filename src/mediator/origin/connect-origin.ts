import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { CanonicalDestination } from './destination.ts';
import { describeFailure, type Dial, type DstOf } from './dial.ts';
import { http1Origin } from './http1-origin.ts';
import { http2Origin } from './http2-origin.ts';
import { ConnectionFailure, type OriginClient } from './origin-client.ts';
import type { ResolvedTarget } from './resolver.ts';
import { secureOrigin } from './secure-origin.ts';

/** How origins are reached: the dial, the name of a connection's end in records, and the roots that are trusted. */
export interface Upstream {
  readonly dial: Dial;
  readonly dstOf: DstOf;
  readonly trust: SecureContext;
}

/** An origin to connect to. Only the addresses in `resolved`, which were ruled on, are dialled. */
export interface OriginTarget {
  readonly scheme: 'http' | 'https';
  readonly to: CanonicalDestination;
  readonly resolved: ResolvedTarget;
}

/** An origin in HTTP/1.1 with its own connections. `first` is a connection that already stands. */
export function connectOrigin(
  upstream: Upstream,
  { scheme, to, resolved }: OriginTarget,
  first: Socket | null = null,
): OriginClient {
  let standing = first;
  const connect = async (): Promise<Socket> => {
    const held = standing;
    standing = null;
    if (held && !held.destroyed && held.readable) return held;
    held?.destroy(); // the origin ended it before anything was asked
    const socket = await dial(upstream, resolved);
    return scheme === 'http' ? socket : secure(upstream, socket, { to, protocol: 'http/1.1' });
  };
  return http1Origin(connect, socket => upstream.dstOf(socket, resolved));
}

/** An origin in HTTP/2, over the connection that stands and the ones that replace it. */
export const connectHttp2Origin = (
  upstream: Upstream,
  { to, resolved }: Omit<OriginTarget, 'scheme'>,
  first: TLSSocket,
): OriginClient =>
  http2Origin(
    first,
    async () => secure(upstream, await dial(upstream, resolved), { to, protocol: 'h2' }),
    socket => upstream.dstOf(socket, resolved),
  );

async function dial(upstream: Upstream, resolved: ResolvedTarget): Promise<Socket> {
  try {
    return await upstream.dial(resolved);
  } catch (error) {
    throw new ConnectionFailure('egress_dial_error', describeFailure(error));
  }
}

async function secure(
  { trust }: Upstream,
  socket: Socket,
  { to, protocol }: { readonly to: CanonicalDestination; readonly protocol: 'h2' | 'http/1.1' },
): Promise<TLSSocket> {
  try {
    return await secureOrigin(socket, { to, protocols: [protocol], trust });
  } catch (error) {
    socket.destroy();
    throw new ConnectionFailure('egress_mitm_upstream_error', describeFailure(error));
  }
}
