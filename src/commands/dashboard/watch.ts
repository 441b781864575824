import type { SourceOptions } from '../../reading/selection.ts';
import type { JudgeFlags } from '../policy/judge-options.ts';
import { loadScreen } from './load-screen.ts';
import type { NotifyWay } from './terminal-bell.ts';

/** The flags of the dashboard, as the command line gives them. */
export interface WatchCommandOptions extends SourceOptions, JudgeFlags {
  readonly policy?: string;
  readonly readonly?: true;
  readonly showQueries?: true;
  readonly theme?: string;
  /** False for `--no-color`. */
  readonly color?: boolean;
  readonly json?: true;
  readonly notify?: NotifyWay;
  /** False for `--no-bell`. */
  readonly bell?: boolean;
}

/** The dashboard; where stdout is no terminal, `log -f`. */
export async function watch(args: readonly string[], options: WatchCommandOptions): Promise<number> {
  if (!process.stdout.isTTY) {
    const { log } = await import('../log/log.ts');
    return log(args, { ...options, follow: true });
  }
  const loading = loadScreen(options.theme, options.color === false);
  loading.catch(() => undefined); // it is told when it is waited for
  const { dashboard } = await import('./dashboard.ts');
  return dashboard(args, options, loading);
}
