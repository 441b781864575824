/** The reason why a command ends without a result. It goes to stderr as one line; the exit code is 1 (failed) or 2 (wrong usage). */
export class Failure extends Error {
  readonly exitCode: 1 | 2;
  /** What the user can do about it, as an imperative sentence without a full stop. */
  readonly remedy: string | null;

  constructor(message: string, exitCode: 1 | 2 = 1, remedy: string | null = null) {
    super(message);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}

/** Wrong usage: exit 2. */
export const misuse = (message: string, remedy: string | null = null): Failure =>
  new Failure(message, 2, remedy);
