import { refusalMessage, type Refusal } from '../request/refusal.ts';

/** How the client of a tunnel is told what became of it, in the protocol that it asked in. */
export interface TunnelAnswers {
  /** Sent before the first byte of the origin. */
  readonly established: string | Buffer;
  /** Sent before the connection is closed. */
  readonly refused: (refusal: Refusal) => string | Buffer;
}

/** The answers to a CONNECT (RFC 9110 §9.3.6). */
export const CONNECT_ANSWERS: TunnelAnswers = {
  established: 'HTTP/1.1 200 Connection established\r\n\r\n',
  refused: refusalMessage,
};
