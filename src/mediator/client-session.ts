import type { Socket } from 'node:net';
import type { Caller } from './caller.ts';
import type { CanonicalDestination } from './origin/destination.ts';
import { HeldOrigins } from './origin/held-origins.ts';
import type { OriginClient } from './origin/origin-client.ts';
import type { ClientProcess } from './process/client-processes.ts';
import type { ResolvedTarget } from './origin/resolver.ts';

/** The streams opened for a tunnel that carries requests. */
export interface OpenedTunnel {
  readonly to: CanonicalDestination;
  readonly scheme: 'http' | 'https';
  readonly caller: Caller;
  /** The addresses of its host when it was ruled on; nobody asks again. */
  readonly resolved: ResolvedTarget;
  /** Spoken to over the connection that the tunnel dialled. */
  readonly origin: OriginClient;
  /** Why no request can be answered; null when the origin is sound. */
  readonly broken: string | null;
  /** A request came: whether the tunnel is still open for it. */
  readonly requested: () => boolean;
  readonly moved: (bytes: number) => void;
}

/** One client connection that sends requests: straight to the proxy, or inside a tunnel. */
export interface ClientSession {
  readonly tunnel: OpenedTunnel | null;
  /** The process of the client, where it runs on this machine. */
  readonly client: ClientProcess | null;
  /** Origins of this client alone. */
  readonly origins: HeldOrigins;
  /** Aborts when the client is gone. */
  readonly gone: AbortSignal;
}

/** Finds the session of a client's socket, and forgets it with the socket. */
export class Sessions {
  readonly #bySocket = new WeakMap<object, ClientSession>();
  readonly #clients = new WeakMap<object, ClientProcess>();

  /** Tells whose the socket is, before anything is asked on it. */
  belongsTo(socket: Socket, client: ClientProcess | null): void {
    if (client) this.#clients.set(socket, client);
  }

  open(socket: Socket, tunnel: OpenedTunnel | null): ClientSession {
    const gone = new AbortController();
    const client = tunnel?.caller.client ?? this.clientOf(socket);
    const session: ClientSession = { tunnel, client, origins: new HeldOrigins(), gone: gone.signal };
    this.#bySocket.set(socket, session);
    socket.once('close', () => {
      gone.abort(new Error('the client left'));
      tunnel?.origin.close();
      session.origins.close();
    });
    return session;
  }

  clientOf(socket: Socket): ClientProcess | null {
    return this.#clients.get(socket) ?? null;
  }

  /** Whether the socket is the decrypted side of a tunnel. */
  isInside(socket: Socket): boolean {
    return (this.#bySocket.get(socket)?.tunnel ?? null) !== null;
  }

  of(socket: Socket): ClientSession {
    return this.#bySocket.get(socket) ?? this.open(socket, null);
  }
}
