import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Caller } from '../caller.ts';
import { connectHttp2Origin, connectOrigin } from '../origin/connect-origin.ts';
import type { CanonicalDestination } from '../origin/destination.ts';
import { describeFailure } from '../origin/dial.ts';
import type { Mediation } from '../mediation.ts';
import type { OriginClient } from '../origin/origin-client.ts';
import type { ResolvedTarget } from '../origin/resolver.ts';
import { isCertificateAlert, isDeparture, secureClient } from './secure-client.ts';
import { secureOrigin } from '../origin/secure-origin.ts';
import type { OpenedTunnel } from '../client-session.ts';
import type { TunnelEvent } from './tunnel-event.ts';

/** Takes the decrypted side of a tunnel and serves the requests that come in. */
export type ServeTunnel = (socket: Socket, protocol: string | null, tunnel: OpenedTunnel) => void;

/** A tunnel that was ruled on and dialled, about to be opened. */
export interface DialledTunnel {
  readonly client: Socket;
  readonly origin: Socket;
  readonly to: CanonicalDestination;
  readonly caller: Caller;
  readonly resolved: ResolvedTarget;
  /** Tells the tunnel's state machine. */
  readonly tell: (event: TunnelEvent) => void;
  /** The client ended its side without having asked for anything. */
  readonly leftEarly: () => void;
  readonly moved: (bytes: number) => void;
}

/** Protocols spoken inside opened tunnels, best first. */
const SPOKEN = ['h2', 'http/1.1'];

/** Opens one tunnel: TLS towards the origin first, then towards the client in the same protocol, then its requests are served. */
export class TunnelInterception {
  readonly #mediation: Mediation;
  readonly #serve: ServeTunnel;
  readonly #tunnel: DialledTunnel;
  #secured: TLSSocket | null = null;

  constructor(mediation: Mediation, serve: ServeTunnel, tunnel: DialledTunnel) {
    this.#mediation = mediation;
    this.#serve = serve;
    this.#tunnel = tunnel;
  }

  /** Serves clear requests: there is nothing to open. */
  serveCleartext(): void {
    const { client, origin, to, resolved } = this.#tunnel;
    this.#serve(
      client,
      null,
      this.#opened('http', connectOrigin(this.#mediation, { scheme: 'http', to, resolved }, origin), null),
    );
    client.resume();
  }

  /** Takes TLS up with the origin, offering what the client offered and we speak. */
  async secureOrigin(offered: readonly string[]): Promise<void> {
    const { origin, to, tell } = this.#tunnel;
    const protocols = SPOKEN.filter(protocol => protocol === 'http/1.1' || offered.includes(protocol));
    try {
      const { trust } = this.#mediation;
      this.#secured = await secureOrigin(origin, { to, protocols, trust });
      tell({ type: 'origin-secured' });
    } catch (error) {
      tell({ type: 'origin-refused', error: describeFailure(error) });
    }
  }

  /** Takes TLS up with the client in the origin's protocol, and serves it. */
  async secureClient(broken: string | null): Promise<void> {
    const { client, to, tell, leftEarly } = this.#tunnel;
    const { leaves, limits } = this.#mediation;
    const protocol = this.#secured?.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
    const leaf = await leaves(to.host);
    try {
      const secured = await secureClient(client, leaf, { protocol, timeoutMs: limits.handshakeTimeoutMs });
      secured.on('error', error => {
        if (isCertificateAlert(error)) tell({ type: 'client-refused', error: describeFailure(error) });
      });
      secured.once('end', leftEarly);
      tell({ type: 'client-secured' });
      this.#serve(secured, protocol, this.#opened('https', this.#originFor(protocol), broken));
    } catch (error) {
      const isRefusal = error instanceof Error && (isCertificateAlert(error) || isDeparture(error));
      tell({ type: isRefusal ? 'client-refused' : 'client-failed', error: describeFailure(error) });
    }
  }

  #originFor(protocol: 'h2' | 'http/1.1'): OriginClient {
    const { to, resolved } = this.#tunnel;
    return protocol === 'h2' && this.#secured
      ? connectHttp2Origin(this.#mediation, { to, resolved }, this.#secured)
      : connectOrigin(this.#mediation, { scheme: 'https', to, resolved }, this.#secured);
  }

  #opened(scheme: 'http' | 'https', origin: OriginClient, broken: string | null): OpenedTunnel {
    const { client, to, caller, resolved, tell, moved } = this.#tunnel;
    const requested = (): boolean => {
      tell({ type: 'requested' });
      return !client.destroyed;
    };
    return { to, scheme, caller, resolved, origin, broken, requested, moved };
  }
}
