import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Destination } from './destination.ts';
import { describeFailure } from './dial.ts';
import { http1Origin } from './http1-origin.ts';
import { http2Origin } from './http2-origin.ts';
import type { Mediation } from '../mediation.ts';
import { ConnectionFailure, type Origin } from './origin.ts';
import type { Resolved } from './resolver.ts';
import { secureOrigin } from './secure-origin.ts';

/** What is dialled for a destination: the addresses that were ruled on. */
export type Checked = Extract<Resolved, { type: 'resolved' }>;

/** An origin of its own connections in HTTP/1.1. `first` is one that stands already. */
export function connectOrigin(
  mediation: Mediation,
  scheme: 'http' | 'https',
  to: Destination,
  checked: Checked,
  first: Socket | null = null,
): Origin {
  let standing = first;
  const connect = async (): Promise<Socket> => {
    if (standing && !standing.destroyed) {
      const socket = standing;
      standing = null;
      return socket;
    }
    const socket = await dialled(mediation, checked);
    return scheme === 'http' ? socket : secured(mediation, to, socket, 'http/1.1');
  };
  return http1Origin(connect, socket => mediation.dstOf(socket, checked));
}

/** An origin in HTTP/2, over a connection that stands and those that follow it. */
export const connectHttp2Origin = (
  mediation: Mediation,
  to: Destination,
  checked: Checked,
  first: TLSSocket,
): Origin =>
  http2Origin(
    first,
    async () => secured(mediation, to, await dialled(mediation, checked), 'h2'),
    socket => mediation.dstOf(socket, checked),
  );

async function dialled(mediation: Mediation, checked: Checked): Promise<Socket> {
  try {
    return await mediation.dial(checked);
  } catch (error) {
    throw new ConnectionFailure('egress_dial_error', describeFailure(error));
  }
}

async function secured(
  mediation: Mediation,
  to: Destination,
  socket: Socket,
  protocol: 'h2' | 'http/1.1',
): Promise<TLSSocket> {
  try {
    return await secureOrigin(socket, to, [protocol], mediation.trust);
  } catch (error) {
    socket.destroy();
    throw new ConnectionFailure('egress_mitm_upstream_error', describeFailure(error));
  }
}
