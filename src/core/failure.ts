/** Why a command ends without a result: told on stderr in one line, with an exit code (1: could not do it, 2: wrong usage). */
export class Failure extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Wrong usage: exit 2. */
export const misuse = (message: string): Failure => new Failure(message, 2);
