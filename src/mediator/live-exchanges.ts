import type { Checked } from './origin/connect-origin.ts';
import { exchangeFields, type Exchange } from './request/exchange.ts';
import type { Mediation } from './mediation.ts';
import type { Origin } from './origin/origin.ts';
import { revocableOrigin } from './origin/revocable-origin.ts';
import { ruleAttempt } from './rule-attempt.ts';

/** Who says what is permitted now, and takes the record of what is not any more. */
type Rulers = Pick<Mediation, 'rules' | 'record'>;

/** An exchange under way, towards a host that no tunnel answers for. */
interface LiveExchange {
  readonly exchange: Exchange;
  readonly checked: Checked;
  readonly cut: AbortController;
}

/** The exchanges under way, so that a lost entry ends them too and not only the tunnels of its host. */
export class LiveExchanges {
  readonly #live = new Set<LiveExchange>();

  /** Keeps an exchange with these addresses in sight until `carry` settles; what it is given of the origin fails once the entry is lost. */
  async during(
    rulers: Rulers,
    exchange: Exchange,
    { origin, checked }: { readonly origin: Origin; readonly checked: Checked | null },
    carry: (origin: Origin) => Promise<void>,
  ): Promise<void> {
    if (!checked) return carry(origin);
    const live: LiveExchange = { exchange, checked, cut: new AbortController() };
    this.#live.add(live);
    this.#reconsiderOne(rulers, live); // a policy may have been applied since it was ruled on
    try {
      await carry(revocableOrigin(origin, live.cut.signal));
    } finally {
      this.#live.delete(live);
    }
  }

  /** Asks the rules in force again; what would not be permitted any more is closed, with a record. */
  reconsider(rulers: Rulers): void {
    for (const live of this.#live) this.#reconsiderOne(rulers, live);
  }

  #reconsiderOne({ rules, record }: Rulers, live: LiveExchange): void {
    const lost = lostBy(rules(), live);
    if (lost === null) return;
    this.#live.delete(live);
    const reason = `policy changed: ${lost}`;
    const mitm = live.exchange.scheme === 'https';
    record({ event: 'egress_close', ...exchangeFields(live.exchange), reason, mitm });
    live.cut.abort(new Error(reason));
  }
}

/** Why an exchange would be refused now; null when it would not. What is decrypted must still be allowed to be. */
function lostBy(rules: ReturnType<Mediation['rules']>, { exchange, checked }: LiveExchange): string | null {
  const ruling = ruleAttempt(rules, exchange.destination, checked);
  if (ruling.type === 'denial') return ruling.reason;
  const isOpenedWrongly = exchange.scheme === 'https' && ruling.interception !== 'intercepted';
  return isOpenedWrongly ? ruling.interception : null;
}
