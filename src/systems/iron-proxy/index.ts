import { join } from 'node:path';
import { standardColumns } from '../../core/log-columns.ts';
import { standingFiles } from '../standing-files.ts';
import type { Places, System } from '../system.ts';
import { decodeRequest, isRequest, isStart, unknownAction } from './log/decode.ts';

/** The paths of the configuration: the mount path in iron-proxy's README, and that of its chart. */
const policies = ({ daemonConfig: folder }: Places): Promise<readonly string[]> =>
  standingFiles(
    folder === undefined
      ? []
      : [join(folder, 'iron-proxy', 'proxy.yaml'), join(folder, 'iron-proxy', 'config', 'proxy.yaml')],
  );

/** A proxy with a pipeline of transforms. It logs one record for each request. */
export const ironProxy: System = {
  name: 'iron-proxy',
  recognises: record => isRequest(record) || isStart(record),
  decode: decodeRequest,
  unruled: unknownAction,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  policies,
  takeUp: async (path, places) => (await import('./take-up.ts')).takeUpBy(path, places),
  mayRead: (text, path) => /\.ya?ml$/i.test(path) && text.includes('transforms:'),
  dialect: async () => (await import('./policy/dialect.ts')).ironProxyDialect,
  activation: {
    type: 'restart',
    advice: () =>
      'reload required: POST /v1/reload of its management address; egresstop sends it where the environment has the key and the address is of this machine',
    acknowledges: null,
  },
};
