import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isFile } from '../is-file.ts';
import type { Places } from '../system.ts';

/** The role of a settings file, in the terms of Claude Code's documentation. */
export type Role = 'managed' | 'local' | 'project' | 'user';

/** A settings file, and its role. */
export interface RoleFile {
  readonly path: string;
  readonly role: Role;
}

/** The folder of an organisation's settings on macOS. */
const MACOS_FOLDER = '/Library/Application Support/ClaudeCode';

/** The user's folder: `$CLAUDE_CONFIG_DIR`, else `~/.claude`; null without a home. */
function userFolder({ home, env }: Places): string | null {
  const named = env['CLAUDE_CONFIG_DIR'];
  if (named !== undefined && named !== '') return named;
  return home === null ? null : join(home, '.claude');
}

async function managedFiles({ daemonConfig }: Places): Promise<readonly RoleFile[]> {
  const folders = [...(daemonConfig === undefined ? [] : [join(daemonConfig, 'claude-code')]), MACOS_FOLDER];
  const found = await Promise.all(
    folders.map(async folder => {
      const names = await readdir(join(folder, 'managed-settings.d')).catch(() => []);
      const more = names.filter(name => name.endsWith('.json') && !name.startsWith('.')).sort();
      return ['managed-settings.json', ...more.map(name => join('managed-settings.d', name))].map(name =>
        join(folder, name),
      );
    }),
  );
  return found.flat().map(path => ({ path, role: 'managed' as const }));
}

/** The existing settings files of a project and of the user, highest precedence first. */
export async function settingsFiles(project: string, places: Places): Promise<readonly RoleFile[]> {
  const user = userFolder(places);
  const own: readonly RoleFile[] = [
    { path: join(project, '.claude', 'settings.local.json'), role: 'local' },
    { path: join(project, '.claude', 'settings.json'), role: 'project' },
    ...(user === null ? [] : [{ path: join(user, 'settings.json'), role: 'user' as const }]),
  ];
  const all = [...(await managedFiles(places)), ...own];
  const isLast = ({ path }: RoleFile, index: number): boolean =>
    all.findLastIndex(other => resolve(other.path) === resolve(path)) === index; // in the home folder, the project's file is the user's
  const there = await Promise.all(all.map(({ path }) => isFile(path)));
  return all.filter((file, index) => there[index] === true && isLast(file, index));
}

/** The project that a settings file belongs to; the working directory if it belongs to none. */
export function projectOf(path: string, places: Places): string {
  const user = userFolder(places);
  const folder = dirname(path);
  const isOfProject = /[/\\]\.claude[/\\]settings(?:\.local)?\.json$/.test(path);
  return isOfProject && (user === null || resolve(folder) !== resolve(user)) ? dirname(folder) : places.cwd;
}

/** The largest settings file that is read, in bytes. */
const LARGEST = 8 * 1024 * 1024;

/** The text of a settings file; null if it cannot be read. */
export async function textOf(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > LARGEST ? null : await readFile(path, 'utf8');
  } catch {
    return null; // Claude Code ignores such a file too
  }
}
