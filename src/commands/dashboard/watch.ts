import type { SourceOptions } from '../common-options.ts';
import type { JudgeFlags } from '../policy/judge-options.ts';
import { log } from '../log/log.ts';
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
  if (!process.stdout.isTTY) return log(args, { ...options, follow: true });
  const { dashboard } = await import('./dashboard.ts');
  return dashboard(args, options);
}
