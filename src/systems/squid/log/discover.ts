import { join } from 'node:path';
import { isFile } from '../../is-file.ts';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';

/** The folders with Squid's logs within the folder of daemons' logs. */
const FOLDERS = ['squid', 'squid3'];

/** Finds the access log of this machine's Squid at the paths of Debian, Fedora and Alpine. */
export async function discoverSquid({ daemonLogs }: Places): Promise<readonly DiscoveredSource[]> {
  if (daemonLogs === undefined) return [];
  const paths = FOLDERS.map(folder => join(daemonLogs, folder, 'access.log'));
  const found = await Promise.all(paths.map(async path => ((await isFile(path)) ? [path] : [])));
  return found.flat().map(source => ({ system: 'squid', name: 'squid', source, agent: null }));
}
