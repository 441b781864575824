import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeRequest, isRequest, isStart } from './log/decode.ts';

/** A proxy with a pipeline of transforms: one record for each request. */
export const ironProxy: System = {
  name: 'iron-proxy',
  recognises: record => isRequest(record) || isStart(record),
  decode: decodeRequest,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  dialect: async () => (await import('./policy/dialect.ts')).ironProxyDialect,
  activation: {
    type: 'restart',
    advice: () =>
      'reload required: POST /v1/reload of its management address; --reload-command does it, with the key from the environment, and status 422 names what was refused',
    acknowledges: null,
  },
};
