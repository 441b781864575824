import type { Caller } from './caller.ts';
import { exchangeFields, type Exchange } from './request/exchange.ts';
import type { OriginClient } from './origin/origin-client.ts';
import { revocableOrigin } from './origin/revocable-origin.ts';
import type { ResolvedTarget } from './origin/resolver.ts';
import { ruleAttempt, type Rules } from './rule-attempt.ts';
import type { TunnelRecord } from './tunnel/tunnel-event.ts';

/** Where the rules in force come from, and where the record of a cut exchange goes. */
export interface ExchangeRuler {
  readonly rules: (caller: Caller) => Rules;
  readonly record: (record: TunnelRecord) => string | null;
}

/** An exchange that is to be watched. `resolved` is null where a tunnel answers for its host. */
interface WatchedExchange {
  readonly exchange: Exchange;
  readonly origin: OriginClient;
  readonly resolved: ResolvedTarget | null;
}

/** An exchange under way, towards a host that no tunnel answers for. */
interface LiveExchange {
  readonly exchange: Exchange;
  readonly resolved: ResolvedTarget;
  readonly cut: AbortController;
}

/** The exchanges under way, so that a lost entry ends them and not only the tunnels of its host. */
export class LiveExchanges {
  readonly #live = new Set<LiveExchange>();

  /** Watches an exchange with these addresses until `carry` settles. The origin that `carry` gets fails once the entry is lost. */
  async during(
    ruler: ExchangeRuler,
    { exchange, origin, resolved }: WatchedExchange,
    carry: (origin: OriginClient) => Promise<void>,
  ): Promise<void> {
    if (!resolved) return carry(origin);
    const live: LiveExchange = { exchange, resolved, cut: new AbortController() };
    this.#live.add(live);
    this.#reconsiderOne(ruler, live); // a policy may have been applied since it was ruled on
    try {
      await carry(revocableOrigin(origin, live.cut.signal));
    } finally {
      this.#live.delete(live);
    }
  }

  /** Rules on every exchange again, and closes those that are not permitted any more, with a record. */
  reconsider(ruler: ExchangeRuler): void {
    for (const live of this.#live) this.#reconsiderOne(ruler, live);
  }

  #reconsiderOne({ rules, record }: ExchangeRuler, live: LiveExchange): void {
    const lost = lostBy(rules(live.exchange.caller), live);
    if (lost === null) return;
    this.#live.delete(live);
    const reason = `policy changed: ${lost}`;
    const mitm = live.exchange.scheme === 'https';
    record({ event: 'egress_close', ...exchangeFields(live.exchange), reason, mitm });
    live.cut.abort(new Error(reason));
  }
}

/** Why an exchange would be refused now, else null. A decrypted exchange must still be one to intercept. */
function lostBy(rules: Rules, { exchange, resolved }: LiveExchange): string | null {
  const ruling = ruleAttempt(rules, exchange.destination, resolved);
  if (ruling.type === 'denial') return ruling.reason;
  const isOpenedWrongly = exchange.scheme === 'https' && ruling.interception !== 'intercepted';
  return isOpenedWrongly ? ruling.interception : null;
}
