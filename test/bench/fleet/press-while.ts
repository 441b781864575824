import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal } from '../../terminal/terminal.ts';

/** A heading of the help page. */
const HELP = /^\W*LOOK\W*$/m;
const PAUSE_MS = 50;

/** Presses keys on a dashboard until some work is done. `frames`: milliseconds from each key to the frame that shows it. */
export async function pressWhile<T>(
  terminal: Terminal,
  work: Promise<T>,
): Promise<{ readonly value: T; readonly frames: readonly number[] }> {
  const done = new AbortController();
  const end = (): void => done.abort();
  work.then(end, end);
  const frames: number[] = [];
  for (let isHelpAsked = true; !done.signal.aborted || !isHelpAsked; isHelpAsked = !isHelpAsked) {
    const pressedAt = performance.now();
    terminal.press(isHelpAsked ? '?' : 'q');
    await terminal.waitFor(rows => HELP.test(rows.join('\n')) === isHelpAsked);
    frames.push(performance.now() - pressedAt);
    await pause(PAUSE_MS);
  }
  return { value: await work, frames };
}
