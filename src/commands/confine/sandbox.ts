import type { InsideOrder } from './inside-order.ts';

/** A prepared sandbox. */
export interface Sandbox {
  /** Starts the program. Connections to the port in the order lead to the mediator. */
  readonly start: (order: InsideOrder, mediator: MediatorPlace) => ConfinedChild;
}

/** The mediator's address outside of the sandbox. */
export interface MediatorPlace {
  readonly host: string;
  readonly port: number;
}

/** A program in a sandbox. */
export interface ConfinedChild {
  /** Its exit status; 128 + n after signal n. */
  readonly ended: Promise<number>;
  readonly signal: (name: NodeJS.Signals) => void;
}
