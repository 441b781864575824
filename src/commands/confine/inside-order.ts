/** The command to run in the sandbox, sent as the first line of a pipe. Each later line is the name of a signal to pass on. */
export interface InsideOrder {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The loopback port that leads to the mediator. */
  readonly port: number;
}

/** The file descriptor of that pipe. */
export const ORDERS_FD = 3;

/** The message with which the listening socket is sent. */
export const PORT_MESSAGE = 'port';
