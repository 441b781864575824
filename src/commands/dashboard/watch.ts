import { note, noteProblem } from '../output.ts';
import { refuseOff } from '../policy/judge-options.ts';
import type { WatchOptions } from './watch-options.ts';

/** Whether the terminal says that it knows no cursor movement: `dumb`, `unknown`, or nothing at all. */
const isDumb = (term: string | undefined): boolean => ['', 'dumb', 'unknown'].includes(term ?? '');

/** The dashboard. Where stdout is no terminal, or one without cursor movement, `log -f`. */
export async function watch(args: readonly string[], options: WatchOptions): Promise<number> {
  refuseOff(options);
  const { TERM: term } = process.env;
  if (process.stdout.isTTY && isDumb(term))
    note(
      `TERM is ${term === undefined || term === '' ? 'not set' : term}: records are printed as by log -f, without a screen`,
    );
  if (!process.stdout.isTTY || isDumb(term)) {
    for (const problem of options.startProblems ?? []) noteProblem(problem);
    const { log } = await import('../log/log.ts');
    return log(args, { ...options, follow: true });
  }
  const { dashboard } = await import('./dashboard.ts');
  return dashboard(args, options);
}
