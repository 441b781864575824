import type { QuestionLimits } from '../core/ask/question-book.ts';

/** Every limit of the mediator, by name. */
export interface MediatorLimits {
  /** Client connections at once. */
  readonly connections: number;
  /** Bytes one agent may move in both directions while the mediator runs; null for no limit. */
  readonly bytesPerAgent: number | null;
  readonly connectTimeoutMs: number;
  /** Look-ups at once, in all and for one agent. The system's look-ups cannot be cancelled, so a slow one keeps its place. */
  readonly lookups: number;
  readonly lookupsPerAgent: number;
  /** From the CONNECT's answer until both handshakes are done. */
  readonly handshakeTimeoutMs: number;
  /** For a request head to arrive whole. */
  readonly headTimeoutMs: number;
  /** Without a byte for a client that ended its side behind its request: it may wait for its answer, or be gone. */
  readonly halfClosedMs: number;
  /** Without a byte in either direction. */
  readonly idleTimeoutMs: number;
  /** Bounds of the questions to an operator, and how long attempts wait for an answer. */
  readonly questions: QuestionLimits;
  /** Certificates kept ready. */
  readonly leaves: number;
  /** Records kept for replay on the socket. */
  readonly replay: number;
  /** Bytes that may wait for a slow reader of the socket. */
  readonly readerBacklog: number;
  /** Size at which the audit log is rotated, and how many old ones are kept. */
  readonly auditBytes: number;
  readonly auditBackups: number;
}

export const MEDIATOR_LIMITS: MediatorLimits = {
  connections: 1024,
  bytesPerAgent: null,
  connectTimeoutMs: 10_000,
  lookups: 16,
  lookupsPerAgent: 4,
  handshakeTimeoutMs: 15_000,
  headTimeoutMs: 15_000,
  halfClosedMs: 10_000,
  idleTimeoutMs: 600_000,
  questions: {
    perAgent: 16,
    inAll: 128,
    heldPerAgent: 64,
    heldInAll: 256,
    holdMs: 30_000,
    keepMs: 600_000,
  },
  leaves: 1000,
  replay: 10_000,
  readerBacklog: 1024 * 1024,
  auditBytes: 256 * 1024 * 1024,
  auditBackups: 3,
};

/** Longest request head, bytes. */
export const LONGEST_HEAD = 16 * 1024;
