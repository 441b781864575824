import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeAudit, decodeEgress } from './decode.ts';
import { discoverZeph } from './discover.ts';

/** An agent whose fetch tools write one egress line per request and one audit line per tool call into the same file. */
export const zeph: System = {
  name: 'zeph',
  recognises: record =>
    record['kind'] === 'egress' || ('tool' in record && 'command' in record && 'result' in record),
  decode: (record, origin) => (record['kind'] === 'egress' ? decodeEgress : decodeAudit)(record, origin),
  columns: standardColumns,
  agentAt: () => null,
  discover: discoverZeph,
  inspect: async () => [],
  dialect: null,
  activation: {
    type: 'restart',
    advice: 'restart required: zeph copies its lists when its tools are built, and says nothing when it does',
    acknowledges: null,
  },
};
