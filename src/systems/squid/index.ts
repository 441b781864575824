import { join } from 'node:path';
import { standardColumns } from '../../core/log-columns.ts';
import { text } from '../../core/record.ts';
import { standingFiles } from '../standing-files.ts';
import type { Places, System } from '../system.ts';
import { decodeSquid } from './log/decode.ts';
import { discoverSquid } from './log/discover.ts';
import { LOGFORMATS, readSquidLine } from './log/read-line.ts';

/** The usual paths of its configuration. */
const policies = ({ daemonConfig: folder }: Places): Promise<readonly string[]> =>
  standingFiles(
    folder === undefined ? [] : ['squid', 'squid3'].map(name => join(folder, name, 'squid.conf')),
  );

/** The proxy Squid, which logs one line for each finished request. */
export const squid: System = {
  name: 'squid',
  recognises: record => LOGFORMATS.some(name => name === text(record, 'logformat')),
  readText: readSquidLine,
  decode: decodeSquid,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: discoverSquid,
  inspect: async () => [],
  policies,
  together: async path => (await import('./named-files.ts')).ruledTogether(path),
  mayRead: (_, path) => !/\.(?:ya?ml|jsonc?|toml)$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).squidDialect,
  activation: {
    type: 'restart',
    advice: () => 'reload required: squid -k reconfigure, by which Squid reads its files again',
    acknowledges: null,
  },
};
