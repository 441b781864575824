import { type Checked, connectOrigin } from './connect-origin.ts';
import { spellDestination } from './destination.ts';
import type { Exchange } from '../request/exchange.ts';
import type { Mediation } from '../mediation.ts';
import type { Origin } from './origin.ts';
import type { Reach } from './reach.ts';
import { ruleAttempt, type Permit } from '../rule-attempt.ts';

type Permitted = Extract<Reach, { type: 'permitted' }>;

/** An origin, the addresses its connections go to, and what permits those. */
export interface HeldOrigin {
  readonly origin: Origin;
  readonly checked: Checked;
  readonly permit: Permit;
}

/** The origins of one client connection, kept by scheme, host and port. */
export class HeldOrigins {
  readonly #held = new Map<string, { readonly origin: Origin; readonly checked: Checked }>();

  /** The origin for a permitted exchange. A kept one is ruled on anew by the addresses it was dialled at, which may be others than the name has now. */
  for(mediation: Mediation, { scheme, destination }: Exchange, reach: Permitted): HeldOrigin {
    const key = `${scheme} ${spellDestination(destination)}`;
    const held = this.#held.get(key);
    if (held) {
      const permit = ruleAttempt(mediation.rules(), destination, held.checked);
      if (permit.type === 'permit' && permit.interception === reach.permit.interception)
        return { ...held, permit };
      held.origin.close();
    }
    const checked = reach.resolved;
    const origin = connectOrigin(mediation, scheme, destination, checked);
    this.#held.set(key, { origin, checked });
    return { origin, checked, permit: reach.permit };
  }

  close(): void {
    for (const { origin } of this.#held.values()) origin.close();
  }
}
