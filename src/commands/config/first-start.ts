import { mkdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { errorCode } from '../../core/file-error.ts';
import type { Places } from '../../systems/system.ts';

/** Whether this is the operator's first start of the dashboard. The start is noted in the XDG state folder. False if it cannot be noted. */
export function isFirstStart({ env, home }: Pick<Places, 'env' | 'home'>): boolean {
  const xdg = env['XDG_STATE_HOME'];
  const folder =
    xdg !== undefined && isAbsolute(xdg) ? xdg : home === null ? null : join(home, '.local/state');
  if (folder === null || env['EGRESSTOP_ORIENTATION'] === 'off') return false;
  try {
    mkdirSync(join(folder, 'egresstop'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'egresstop', 'started'), '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return false;
  }
}
