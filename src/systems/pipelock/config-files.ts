import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { standingFiles } from '../standing-files.ts';
import type { DiscoveredSource } from '../discovered.ts';
import type { Places } from '../system.ts';

/** The configuration that pipelock's commands use by default: the first existing file (`docs/cli/session.md`). */
export async function configFiles({ env, home, cwd, daemonConfig }: Places): Promise<readonly string[]> {
  const named = env['PIPELOCK_CONFIG'];
  const found = await standingFiles([
    named === undefined || named === '' ? null : resolve(cwd, named),
    home === null ? null : join(home, '.config', 'pipelock', 'pipelock.yaml'),
    daemonConfig === undefined ? null : join(daemonConfig, 'pipelock', 'pipelock.yaml'),
  ]);
  return found.slice(0, 1);
}

/** Finds the audit log in the configuration. A relative path is ignored, because it is relative to pipelock's working directory. */
export async function discoverPipelock(places: Places): Promise<readonly DiscoveredSource[]> {
  const [config] = await configFiles(places);
  if (config === undefined) return [];
  const { loggedTo } = await import('./policy/read-config.ts');
  const text = await readFile(config, 'utf8').catch(() => null); // an unreadable file names no log
  const log = text === null ? null : loggedTo(text, config);
  const there = await standingFiles([log]);
  return there.map(source => ({ system: 'pipelock', name: 'pipelock', source, agent: null }));
}
