import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Fields } from '../request/fields.ts';

/** A request as it goes to an origin. */
export interface OutgoingRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly path: string;
  /** End-to-end fields, without Host. */
  readonly fields: Fields;
  /** The client wants trailers: an origin in HTTP/2 is told. */
  readonly wantsTrailers?: boolean;
  /** The client waits for an invitation (100) or an answer before it sends the body; the origin is asked for it, RFC 9110 §10.1.1. */
  readonly expectsContinue?: boolean;
  /** Null where the request has no body. */
  readonly body: Readable | null;
  /** The fields that follow the body; known once that has ended. */
  readonly trailers?: () => Fields;
  readonly signal: AbortSignal;
  /** An interim answer of the origin (1xx but 101; 100 only where it was asked for): a proxy passes it on, RFC 9110 §15.2. */
  readonly informed?: (status: number, fields: Fields) => void;
  /** The connection stands, nothing was sent yet. */
  readonly connected: (dst: string) => void;
}

/** The origin's answer; the body flows as the reader takes it. */
export interface OriginResponse {
  readonly status: number;
  readonly statusText: string;
  readonly fields: Fields;
  readonly body: Readable;
  /** The head ended the answer (HTTP/2 END_STREAM on the headers): there is no body and there are no trailers. */
  readonly isHeadOnly: boolean;
  /** Asked once the body has ended: whether that was its end, or the origin broke off (HTTP/2 resets may look like an end). */
  readonly isWhole: () => boolean;
  /** Known once the body has ended. */
  readonly trailers: () => Fields;
}

/** One host that requests are sent to, over connections that are its own. Rejects when the connection or its TLS fails. */
export interface OriginClient {
  readonly send: (request: OutgoingRequest) => Promise<OriginResponse>;
  /** Asks for a switch of protocols (HTTP/1.1 only). */
  readonly upgrade: (request: OutgoingRequest, protocol: string) => Promise<UpgradeOutcome>;
  readonly close: () => void;
}

/** The outcome: both sides speak the new protocol on this socket, or the origin answered as usual. */
export type UpgradeOutcome =
  | { readonly type: 'switched'; readonly socket: Socket; readonly head: Buffer; readonly fields: Fields }
  | { readonly type: 'answered'; readonly response: OriginResponse };

/** A failure before anything was sent: the attempt came to nothing. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /** The record's event: which of the two handshakes failed. */
  readonly event: 'egress_dial_error' | 'egress_mitm_upstream_error';

  constructor(event: ConnectionFailure['event'], why: string) {
    super(why);
    this.event = event;
  }
}
