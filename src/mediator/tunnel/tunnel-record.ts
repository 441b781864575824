import type { Interception } from '../../core/event.ts';
import type { AttemptDenial, Permit } from '../rule-attempt.ts';
import type { TunnelRecord } from './tunnel-event.ts';

/** The record of a permit, once the connection stands. An inside address that an entry opened is said so. */
export function allowRecord(permit: Permit, dst: string, interception: Interception): TunnelRecord {
  return {
    event: 'egress_allow',
    dst,
    reason: permit.reason,
    mitm: interception === 'intercepted',
    interception,
    ...(permit.entry === null
      ? { unlisted: true }
      : { entry: permit.entry.text, entry_line: permit.entry.flag === undefined ? permit.entry.line : null }),
    ...(permit.isInside ? { internal: true } : {}),
    ...askedFields(permit),
  };
}

/** The record of the answer to a CONNECT. It is information: the next words of the client are ruled on. */
export const connectRecord = (permit: Permit, dst: string): TunnelRecord => ({
  event: 'egress_connect',
  dst,
  reason: permit.reason,
});

/** The record of a denial. */
export function denialRecord(
  denial: Pick<AttemptDenial, 'reason' | 'signal' | 'isInside'> & Partial<AttemptDenial>,
  dst: string | null,
): TunnelRecord {
  return {
    event: denial.isInside ? 'egress_internal_deny' : 'egress_deny',
    ...(dst === null ? {} : { dst }),
    reason: denial.reason,
    signal: denial.signal,
    ...(denial.isInside ? { internal: true } : {}),
    ...(denial.nearest ? { nearest: denial.nearest.why } : {}),
    ...askedFields(denial),
  };
}

const askedFields = ({ asked }: Partial<Pick<Permit, 'asked'>>): object =>
  asked ? { asked: true, question: asked.question, waited_ms: asked.waitedMs } : {};

/** A permit that came to nothing: this record stands instead of the allow. */
export const failureRecord = (event: string, dst: string | null, error: string): TunnelRecord => ({
  event,
  ...(dst === null ? {} : { dst }),
  error,
});
