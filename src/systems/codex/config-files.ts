import { dirname, join, resolve } from 'node:path';
import { standingFiles } from '../standing-files.ts';
import type { Places } from '../system.ts';

/** A configuration file that Codex merges with others, and its role. */
export interface ConfigLayer {
  readonly path: string;
  readonly role: 'managed' | 'project' | 'user' | 'system';
}

/** The user's folder: `$CODEX_HOME`, else `~/.codex`; null without a home. */
function userFolder({ home, env }: Places): string | null {
  const named = env['CODEX_HOME'];
  if (named !== undefined && named !== '') return named;
  return home === null ? null : join(home, '.codex');
}

/** The existing configuration files, highest precedence first. */
export async function configLayers(project: string, places: Places): Promise<readonly ConfigLayer[]> {
  const [user, daemon] = [userFolder(places), places.daemonConfig ?? null];
  const layers: readonly ConfigLayer[] = [
    ...(daemon === null
      ? []
      : [{ path: join(daemon, 'codex', 'managed_config.toml'), role: 'managed' as const }]),
    { path: join(project, '.codex', 'config.toml'), role: 'project' },
    ...(user === null ? [] : [{ path: join(user, 'config.toml'), role: 'user' as const }]),
    ...(daemon === null ? [] : [{ path: join(daemon, 'codex', 'config.toml'), role: 'system' as const }]),
  ];
  const there = new Set(await standingFiles(layers.map(({ path }) => path)));
  const isLast = ({ path }: ConfigLayer, index: number): boolean =>
    layers.findLastIndex(other => resolve(other.path) === resolve(path)) === index; // in the home folder, the project's file is the user's
  return layers.filter((layer, index) => there.has(layer.path) && isLast(layer, index));
}

/** The project that a configuration belongs to; the working directory if it belongs to none. */
export function projectOf(path: string, places: Places): string {
  const folder = dirname(path);
  const user = userFolder(places);
  const isOfProject = /[/\\]\.codex[/\\]config\.toml$/.test(path);
  return isOfProject && (user === null || resolve(folder) !== resolve(user)) ? dirname(folder) : places.cwd;
}
