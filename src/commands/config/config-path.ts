import { isAbsolute, join } from 'node:path';
import type { Places } from '../../systems/system.ts';

/** `egresstop/config.yaml` in the XDG configuration folder. Null without a home. */
export function configPath({ home, env }: Pick<Places, 'home' | 'env'>): string | null {
  const xdg = env['XDG_CONFIG_HOME'];
  const folder = xdg !== undefined && isAbsolute(xdg) ? xdg : home === null ? null : join(home, '.config');
  return folder === null ? null : join(folder, 'egresstop', 'config.yaml');
}
