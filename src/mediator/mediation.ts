import type { SecureContext } from 'node:tls';
import type { Questions } from './ask/questions.ts';
import type { ByteMeter } from './byte-meter.ts';
import type { Caller } from './caller.ts';
import type { Dial, DstOf } from './origin/dial.ts';
import type { Leaves } from './certificates/leaf-cache.ts';
import type { MediatorLimits } from './limits.ts';
import type { LiveExchanges } from './live-exchanges.ts';
import type { ClientProcesses } from './process/client-processes.ts';
import type { Resolver } from './origin/resolver.ts';
import type { Rules } from './rule-attempt.ts';
import type { TunnelRecord } from './tunnel/tunnel-event.ts';

/** The outside world and the rules in force, shared by every connection of one mediator. */
export interface Mediation {
  readonly rules: (caller: Caller) => Rules;
  /** The questions to the operator; null where the mode asks nobody. */
  readonly questions: Questions | null;
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
  /** Writes one audit record. Returns why its attempt must not go on (strict mode could not write it), else null. */
  readonly record: (record: TunnelRecord) => string | null;
  /** Writes one audit record with all others of this turn of the event loop, and then tells what `record` returns. */
  readonly recordThen: (record: TunnelRecord, written: (why: string | null) => void) => void;
  /** Why strict mode may let nothing new through (the log, tried again, cannot be written), else null. */
  readonly blocked: () => string | null;
  /** Finds the processes of clients; null where they are not wanted or cannot be found. */
  readonly processes: ClientProcesses | null;
  readonly now: () => number;
  /** Whether `egress_request` keeps the query of a URL. */
  readonly keepsQueries: boolean;
}
