import type { Caller } from '../caller.ts';
import { connectOrigin, type OriginTarget, type Upstream } from './connect-origin.ts';
import { spellDestination } from './destination.ts';
import type { OriginClient } from './origin-client.ts';
import type { Reach } from './reach.ts';
import type { ResolvedTarget } from './resolver.ts';
import { ruleAttempt, type Permit, type Rules } from '../rule-attempt.ts';

type Permitted = Extract<Reach, { type: 'permitted' }>;

/** An origin, the addresses its connections go to, and what permits those. */
export interface HeldOrigin {
  readonly origin: OriginClient;
  readonly resolved: ResolvedTarget;
  readonly permit: Permit;
}

/** The origins of one client connection, kept by scheme, host and port. */
export class HeldOrigins {
  readonly #held = new Map<string, { readonly origin: OriginClient; readonly resolved: ResolvedTarget }>();

  /**
   * The origin for a permitted request. A kept one is ruled on again, by the addresses it was dialled at: the name may resolve to others by
   * now.
   */
  for(
    upstream: Upstream & { readonly rules: (caller: Caller) => Rules },
    { scheme, to, caller }: Omit<OriginTarget, 'resolved'> & { readonly caller: Caller },
    { permit, resolved }: Permitted,
  ): HeldOrigin {
    const key = `${scheme} ${spellDestination(to)}`;
    const held = this.#held.get(key);
    if (held) {
      const ruling = ruleAttempt(upstream.rules(caller), to, held.resolved);
      if (ruling.type === 'permit' && ruling.interception === permit.interception)
        return { ...held, permit: ruling };
      held.origin.close();
    }
    const origin = connectOrigin(upstream, { scheme, to, resolved });
    this.#held.set(key, { origin, resolved });
    return { origin, resolved, permit };
  }

  close(): void {
    for (const { origin } of this.#held.values()) origin.close();
  }
}
