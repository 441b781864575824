/** How to wait: what to try, what wakes it, and what to say when it did not come about. */
export interface Wait<Result> {
  /** The result once there is one; throws to give up before the deadline. */
  readonly attempt: () => Result | undefined;
  /** Calls back whenever `attempt` may have become true; returns its undo. */
  readonly onChange: (changed: () => void) => () => void;
  readonly deadlineMs: number;
  readonly failure: () => Error;
}

// For what changes without telling: a process state, or a condition over more than the screen.
const POLL_MS = 50;

/** Resolves with the first result of `attempt`, rejects with `failure()` after `deadlineMs`. */
export function eventually<Result>(wait: Wait<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      unsubscribe();
      clearInterval(poll);
      clearTimeout(deadline);
      finish();
    };
    const attempt = () => {
      try {
        const result = wait.attempt();
        if (result !== undefined) settle(() => resolve(result));
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const unsubscribe = wait.onChange(attempt);
    const poll = setInterval(attempt, POLL_MS);
    const deadline = setTimeout(() => settle(() => reject(wait.failure())), wait.deadlineMs);
    attempt();
  });
}
