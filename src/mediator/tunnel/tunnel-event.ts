import type { Opening } from './read-opening.ts';
import type { AttemptRuling } from '../rule-attempt.ts';

/** Bytes that moved through a tunnel. */
export interface TunnelVolume {
  /** From the client. */
  readonly bytesOut: number;
  /** To the client. */
  readonly bytesIn: number;
  readonly durationMs: number;
}

/** An event of a tunnel: the only input of its state machine. */
export type TunnelEvent =
  | { readonly type: 'ruled'; readonly ruling: AttemptRuling }
  | { readonly type: 'unresolved'; readonly error: string }
  | { readonly type: 'dialed'; readonly dst: string }
  | { readonly type: 'dial-failed'; readonly dst: string; readonly error: string }
  | { readonly type: 'spoke'; readonly opening: Opening }
  /** Before the client said anything, and without a word. */
  | { readonly type: 'origin-left' }
  | { readonly type: 'origin-secured' }
  | { readonly type: 'origin-refused'; readonly error: string }
  | { readonly type: 'client-secured' }
  /** By an alert about our certificate, or by leaving once it was sent: evidence of pinning. */
  | { readonly type: 'client-refused'; readonly error: string }
  /** A handshake that failed for any other reason. */
  | { readonly type: 'client-failed'; readonly error: string }
  | { readonly type: 'requested' }
  /** A record could not be written, and strict mode lets nothing follow from it. */
  | { readonly type: 'unrecorded'; readonly why: string }
  | { readonly type: 'timed-out'; readonly what: string }
  | { readonly type: 'volume-exceeded'; readonly limit: number; readonly moved: TunnelVolume }
  | { readonly type: 'entry-lost'; readonly reason: string; readonly moved: TunnelVolume }
  | { readonly type: 'ended'; readonly moved: TunnelVolume };

/** A record for the audit log, without the fields that every record of the tunnel carries (who, host, policy). */
export type TunnelRecord = { readonly event: string } & { readonly [field: string]: unknown };

/** An action of the tunnel: the only output. Carried out in order. */
export type TunnelAction =
  /** Write the record with the others of its turn; the actions behind it wait for that. */
  | { readonly type: 'record'; readonly record: TunnelRecord }
  /** Write the record at once: the request that needs it goes on in this turn. */
  | { readonly type: 'record-at-once'; readonly record: TunnelRecord }
  /** Answer the CONNECT with an error and close. */
  | {
      readonly type: 'refuse';
      readonly status: number;
      readonly reason: string;
      readonly nearest: string | null;
    }
  | { readonly type: 'dial' }
  | { readonly type: 'establish' }
  | { readonly type: 'relay' }
  | { readonly type: 'serve-cleartext' }
  | { readonly type: 'secure-origin'; readonly protocols: readonly string[] }
  /** Take the client's TLS. Where the origin failed, every request is answered 502 with this reason. */
  | { readonly type: 'secure-client'; readonly broken: string | null }
  | { readonly type: 'close' };
