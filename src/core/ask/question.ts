/** The destination and caller of an attempt that needs an answer. */
export interface Asking {
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
  readonly tool: string | null;
  /** Null where the attempt is a CONNECT, which names no URL. */
  readonly url: string | null;
  readonly method: string | null;
  /** Why the nearest entry of the policy does not name the host; null where no entry is near. */
  readonly nearest: string | null;
}

/** A question to the operator: one for each host, port and agent, with all their attempts. Times are unix milliseconds. */
export interface Question extends Asking {
  readonly id: string;
  /** Attempts since the question was opened, including those that were denied. */
  readonly attempts: number;
  /** Attempts that wait for an answer now. */
  readonly held: number;
  /** The time of the first attempt. */
  readonly since: number;
  /** The time at which the last waiting attempt is denied; null where none waits. */
  readonly heldUntil: number | null;
  /** The time at which the question closes unless another attempt comes. */
  readonly keptUntil: number;
}

/** An agent that exceeded its limit of questions, and how many of its attempts were denied without one. */
export interface Flood {
  readonly agent: string | null;
  readonly unasked: number;
}
