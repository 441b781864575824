import { visible } from '../core/visible.ts';

/** The report of an exception that is our own fault: the stack, each line safe for a terminal. */
export function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return ['egresstop: this is a bug, please report it', ...stack.split('\n').map(visible), ''].join('\n');
}
