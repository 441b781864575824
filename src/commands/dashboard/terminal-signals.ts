import { bugReport } from '../bug-report.ts';
import type { Screen } from '../../ui/screen.tsx';

const SIGNALS = { SIGTERM: 15, SIGHUP: 1, SIGINT: 2, SIGQUIT: 3 } as const;

/**
 * Restores the terminal when a signal or a bug ends the program. A signal exits with 128 + its number, a bug with its stack and 70,
 * a vanished terminal with 0. Returns the undo.
 */
export function onFatal(screen: Pick<Screen, 'close'>): () => void {
  const leave = (exitCode: number) => (): void => {
    screen.close();
    process.exit(exitCode);
  };
  const signals = Object.entries(SIGNALS).map(([name, number]) => [name, leave(128 + number)] as const);
  const failed = (error: unknown): void => {
    screen.close();
    if (isGone(error)) process.exit(0);
    process.stderr.write(bugReport(error));
    process.exit(70);
  };
  const outputFailed = (error: NodeJS.ErrnoException): void => failed(error);
  for (const [name, listener] of signals) process.on(name, listener);
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  process.stdout.on('error', outputFailed);
  return () => {
    for (const [name, listener] of signals) process.off(name, listener);
    process.off('uncaughtException', failed);
    process.off('unhandledRejection', failed);
    process.stdout.off('error', outputFailed);
  };
}

/** Nobody is there to see the screen any more. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && ['EPIPE', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Stops the whole process group, as Ctrl-Z does, and settles when it continues. It uses SIGSTOP, because an orphaned process group
 * discards SIGTSTP. The timer keeps Node alive while nothing else is open.
 */
export const suspendProcess = (): Promise<void> =>
  new Promise(resolve => {
    const keptAlive = setInterval(() => undefined, 1_000);
    process.once('SIGCONT', () => {
      clearInterval(keptAlive);
      resolve();
    });
    process.kill(0, 'SIGSTOP');
  });
