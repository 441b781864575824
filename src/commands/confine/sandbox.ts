import type { InsideOrder } from './inside-order.ts';

/** A sandbox that can be made here. */
export interface Sandbox {
  /** Starts the program in it; the port in the order leads to the mediator. */
  readonly start: (order: InsideOrder, mediator: MediatorPlace) => ConfinedChild;
}

/** Where the mediator listens, as seen from outside of the sandbox. */
export interface MediatorPlace {
  readonly host: string;
  readonly port: number;
}

/** A program in a sandbox. */
export interface ConfinedChild {
  /** Its exit status, 128 + n after signal n. */
  readonly ended: Promise<number>;
  readonly signal: (name: NodeJS.Signals) => void;
}
