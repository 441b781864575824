/** The command to run in the sandbox, as the first line on the pipe of orders. Each later line is the name of a signal to pass on. */
export interface InsideOrder {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The port of loopback on which the mediator is reached. */
  readonly port: number;
}

/** The pipe of orders. */
export const ORDERS_FD = 3;

/** The message that goes with the listening socket. */
export const PORT_MESSAGE = 'port';
