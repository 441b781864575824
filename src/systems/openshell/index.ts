import { join } from 'node:path';
import { standardColumns } from '../../core/log-columns.ts';
import { standingFiles } from '../standing-files.ts';
import type { Places, System } from '../system.ts';
import { decodeOpenShell, isOpenShell, loadedPolicy, unknownAction } from './log/decode.ts';
import { joinRequests } from './log/join-requests.ts';
import { discoverOpenShell } from './log/discover.ts';
import { readOpenShellLine } from './log/read-line.ts';

/** The path of the policy in the image of a sandbox. */
const policies = ({ daemonConfig: folder }: Places): Promise<readonly string[]> =>
  standingFiles(folder === undefined ? [] : [join(folder, 'openshell', 'policy.yaml')]);

/** NVIDIA OpenShell: sandboxes with a supervisor that logs OCSF records and a shorter text form of them. */
export const openshell: System = {
  name: 'openshell',
  recognises: isOpenShell,
  readText: readOpenShellLine,
  decode: decodeOpenShell,
  unruled: unknownAction,
  joinRequests,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: discoverOpenShell,
  inspect: async () => [],
  policies,
  mayRead: (text, path) => /\.ya?ml$/i.test(path) && text.includes('network_policies:'),
  dialect: async () => (await import('./policy/dialect.ts')).openShellDialect,
  activation: {
    type: 'restart',
    advice: ({ path }) => `apply required: openshell policy set SANDBOX --policy ${path} --wait`,
    acknowledges: (event, { revision }) => revision !== '' && loadedPolicy(event) !== null,
  },
};
