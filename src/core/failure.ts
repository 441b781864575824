/** The reason why a command ends without a result. It goes to stderr as one line; the exit code is 1 (failed) or 2 (wrong usage). */
export class Failure extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Wrong usage: exit 2. */
export const misuse = (message: string): Failure => new Failure(message, 2);
