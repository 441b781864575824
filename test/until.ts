import { setTimeout as pause } from 'node:timers/promises';

/** How long `until` waits, and what it is waiting for (a text or a view of the state, asked when time is up). */
export interface UntilOptions {
  readonly deadlineMs?: number;
  readonly describe?: string | (() => string);
}

/**
 * Waits for `condition` to hold, looking again every few milliseconds, and returns its truthy value. Throws once `deadlineMs` (20 s)
 * is over, saying what was waited for and, where the condition itself threw, why.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 20_000, describe = condition.toString() }: UntilOptions = {},
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  let thrown: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      thrown = undefined;
    } catch (error) {
      thrown = error;
    }
    await pause(5);
  } while (performance.now() < deadline);
  const what = typeof describe === 'string' ? describe : describe();
  throw new Error(`still not so after ${deadlineMs} ms: ${what}`, { cause: thrown });
}
