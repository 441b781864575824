import { join, resolve } from 'node:path';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';
import { isFile } from '../../is-file.ts';

const GATEWAY_LOG = 'gateway-default.jsonl';

/**
 * Finds the proxy's log, if its environment variable names one, and the gateway's (in `$AA_AUDIT_DIR`, else the user's data folder, else
 * `./aa/audit`).
 */
export async function discoverAasm(places: Places): Promise<readonly DiscoveredSource[]> {
  const proxy = places.env['AA_PROXY_AUDIT_JSONL_PATH'];
  const found = await Promise.all([
    firstFile('aasm-proxy', proxy ? [resolve(places.cwd, proxy)] : []),
    firstFile(
      'aasm-gateway',
      auditFolders(places).map(folder => join(folder, GATEWAY_LOG)),
    ),
  ]);
  return found.flat();
}

/** The possible data folders of Linux and macOS. */
function auditFolders({ env, home, cwd }: Places): readonly string[] {
  const named = env['AA_AUDIT_DIR'];
  if (named) return [resolve(cwd, named)];
  const data = [
    ['.local', 'share'],
    ['Library', 'Application Support'],
  ];
  return [
    ...(home === null ? [] : data.map(parts => join(home, ...parts, 'aa', 'audit'))),
    join(cwd, 'aa', 'audit'),
  ];
}

async function firstFile(name: string, paths: readonly string[]): Promise<readonly DiscoveredSource[]> {
  for (const source of paths)
    if (await isFile(source)) return [{ system: 'aasm', name, source, agent: null }];
  return [];
}
