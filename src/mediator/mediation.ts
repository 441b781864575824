import type { SecureContext } from 'node:tls';
import type { ByteMeter } from './byte-meter.ts';
import type { Dial, DstOf } from './origin/dial.ts';
import type { Leaves } from './certificates/leaf-cache.ts';
import type { MediatorLimits } from './limits.ts';
import type { LiveExchanges } from './live-exchanges.ts';
import type { Resolver } from './origin/resolver.ts';
import type { Rules } from './rule-attempt.ts';
import type { TunnelRecord } from './tunnel/tunnel-event.ts';

/** What every connection of one mediator shares: the outside world and the rules in force, asked anew each time. */
export interface Mediation {
  readonly rules: () => Rules;
  readonly resolver: Resolver;
  readonly dial: Dial;
  readonly dstOf: DstOf;
  readonly trust: SecureContext;
  readonly leaves: Leaves;
  readonly limits: MediatorLimits;
  readonly meter: ByteMeter;
  /** Reconsidered when a policy is applied. */
  readonly live: LiveExchanges;
  /** Whether the address is this mediator's own port. */
  readonly isSelf: (address: string, port: number) => boolean;
  /** Writes one audit record. Why what it tells of must not happen (strict mode could not write it); null when it may. */
  readonly record: (record: TunnelRecord) => string | null;
  /** Why nothing new may be let through now (the audit log, tried again, cannot be written in strict mode); null when all is well. */
  readonly blocked: () => string | null;
  readonly now: () => number;
  /** Whether `egress_request` keeps the query of a URL. */
  readonly keepsQueries: boolean;
}
