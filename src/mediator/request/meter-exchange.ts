import { exchangeFields, type Exchange } from './exchange.ts';
import type { Mediation } from '../mediation.ts';
import type { ClientSession } from '../client-session.ts';

/** A thing that ends when the cap is exceeded: an answer, or an upgraded client's socket. */
interface Endable {
  readonly destroyed: boolean;
  readonly destroy: () => unknown;
}

/** Counts an exchange's bytes on its agent; over the cap it ends, with a record. */
export function meterExchange(
  mediation: Mediation,
  { session, exchange }: { readonly session: ClientSession; readonly exchange: Exchange },
  client: Endable,
) {
  return (bytes: number): void => {
    if (session.tunnel) return session.tunnel.moved(bytes);
    if (!mediation.meter.add(exchange.caller.agent, bytes) || client.destroyed) return;
    mediation.record({
      event: 'egress_cap_exceeded',
      ...exchangeFields(exchange),
      proto: 'tcp',
      reason: 'volume',
      limit: mediation.meter.cap,
    });
    client.destroy();
  };
}
