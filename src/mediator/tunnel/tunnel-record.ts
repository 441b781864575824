import type { Interception } from '../../core/event.ts';
import type { AttemptDenial, Permit } from '../rule-attempt.ts';
import type { TunnelRecord, TunnelVolume } from './tunnel-event.ts';

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

/** The record of a tunnel that is cut off because its agent moved more bytes than it may. */
export const capRecord = (limit: number): TunnelRecord => ({
  event: 'egress_cap_exceeded',
  proto: 'tcp',
  reason: 'volume',
  limit,
});

/** The bytes and the duration of a tunnel. Where the requests inside carry the bytes, the close does not: they would count twice. */
export const volumeOf = (countsBytes: boolean, moved: TunnelVolume): object =>
  countsBytes
    ? {
        bytes: moved.bytesOut + moved.bytesIn,
        bytes_out: moved.bytesOut,
        bytes_in: moved.bytesIn,
        duration_ms: moved.durationMs,
      }
    : { duration_ms: moved.durationMs };
