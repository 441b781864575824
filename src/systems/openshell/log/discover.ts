import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscoveredSource } from '../../discovered.ts';
import type { Places } from '../../system.ts';

/** The logs of a sandbox, one a day. Both forms hold the same events, so the text form is read only if there are no records. */
const LOGS = [
  { own: /^openshell-ocsf\..*log$/, glob: 'openshell-ocsf.*log' },
  { own: /^openshell\..*log$/, glob: 'openshell.*log' },
];

/** Finds the logs of the sandbox in which this program runs, or whose logs are mounted. A new day adds a log. */
export async function discoverOpenShell({ daemonLogs }: Places): Promise<readonly DiscoveredSource[]> {
  if (daemonLogs === undefined) return [];
  const names = await readdir(daemonLogs).catch(() => []);
  const log = LOGS.find(({ own }) => names.some(name => own.test(name)));
  return log === undefined
    ? []
    : [{ system: 'openshell', name: 'openshell', source: join(daemonLogs, log.glob), agent: null }];
}
