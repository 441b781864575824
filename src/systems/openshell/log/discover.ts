import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';

/** The logs of a sandbox, one a day. Both hold the same events: the records are read where there are any, else the shorthand. */
const LOGS = [
  { own: /^openshell-ocsf\..*log$/, glob: 'openshell-ocsf.*log' },
  { own: /^openshell\..*log$/, glob: 'openshell.*log' },
];

/** The logs of the sandbox that this runs in, or whose logs are mounted here. A new day joins them. */
export async function discoverOpenShell({ daemonLogs }: Places): Promise<readonly DiscoveredSource[]> {
  if (daemonLogs === undefined) return [];
  const names = await readdir(daemonLogs).catch(() => []);
  const log = LOGS.find(({ own }) => names.some(name => own.test(name)));
  return log === undefined
    ? []
    : [{ system: 'openshell', name: 'openshell', source: join(daemonLogs, log.glob), agent: null }];
}
