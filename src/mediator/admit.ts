import type { Caller } from './caller.ts';
import type { Mediation } from './mediation.ts';
import type { TunnelRecord } from './tunnel/tunnel-event.ts';

/** A refusal that no policy can change: the answer and the record. */
export interface AdmissionRefusal {
  readonly status: number;
  readonly reason: string;
  readonly record: TunnelRecord;
}

/** Checks before every ruling that it can be recorded, and that the agent has bytes left. */
export function admit(mediation: Mediation, { agent }: Caller): AdmissionRefusal | null {
  const blocked = mediation.blocked();
  if (blocked !== null)
    return {
      status: 503,
      reason: blocked,
      record: { event: 'egress_deny', reason: blocked, signal: 'denied' },
    };
  if (!mediation.meter.isOver(agent)) return null;
  const reason = `cap exceeded: ${mediation.meter.cap} bytes an agent`;
  const record = {
    event: 'egress_cap_exceeded',
    proto: 'tcp',
    limit: mediation.meter.cap,
    reason: 'volume',
    refused: true,
  };
  return { status: 403, reason, record };
}
