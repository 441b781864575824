import { loadScreen } from './load-screen.ts';
import type { WatchOptions } from './watch-options.ts';

/** The dashboard; where stdout is no terminal, `log -f`. */
export async function watch(args: readonly string[], options: WatchOptions): Promise<number> {
  if (!process.stdout.isTTY) {
    const { log } = await import('../log/log.ts');
    return log(args, { ...options, follow: true });
  }
  const loading = loadScreen(options.theme, options.color === false);
  loading.catch(() => undefined); // it is told when it is waited for
  const { dashboard } = await import('./dashboard.ts');
  return dashboard(args, options, loading);
}
