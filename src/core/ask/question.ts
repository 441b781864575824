/** The destination and caller of an attempt that is asked about. */
export interface Asking {
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
  readonly tool: string | null;
  /** Null where only a tunnel is asked for. */
  readonly url: string | null;
  readonly method: string | null;
  /** Why the nearest entry of the policy missed; null where none is near. */
  readonly nearest: string | null;
}

/** A question to the operator: one for each host, port and agent, however many attempts. Times are unix milliseconds. */
export interface Question extends Asking {
  readonly id: string;
  /** Attempts since it was opened, also those that were denied meanwhile. */
  readonly attempts: number;
  /** Attempts that wait for the answer now. */
  readonly held: number;
  /** The time of the first attempt. */
  readonly since: number;
  /** The time at which the last waiting attempt is denied; null where none waits. */
  readonly heldUntil: number | null;
  /** The time at which the question closes unless another attempt comes. */
  readonly keptUntil: number;
}

/** An agent that asks more than it may: how many of its attempts were denied without a question. */
export interface Flood {
  readonly agent: string | null;
  readonly unasked: number;
}
