import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeAwf } from './log/decode.ts';
import { discoverAwf } from './log/discover.ts';
import { awfFault, isAwfRecord, readAwfLine } from './log/read-line.ts';

/** GitHub's firewall for agentic workflows: Squid in a container, with two logs of each request. */
export const awf: System = {
  name: 'awf',
  recognises: isAwfRecord,
  readText: readAwfLine,
  faultOf: awfFault,
  decode: decodeAwf,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: discoverAwf,
  inspect: async () => [],
  mayRead: (_, path) => !/\.(?:ya?ml|jsonc?|toml)$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).awfDialect,
  activation: {
    type: 'restart',
    advice: () => 'restart required: awf reads its domains when it starts',
    acknowledges: null,
  },
};
