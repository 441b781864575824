import { visible } from '../core/visible.ts';

/** The report of a bug: the stack of an exception, each line safe for a terminal. */
export function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return ['egresstop: this is a bug, please report it', ...stack.split('\n').map(visible), ''].join('\n');
}
