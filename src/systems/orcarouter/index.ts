import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeRow } from './decode.ts';

/** OrcaRouter's agent firewall, a hosted service: only the events that the user saved are read, nothing of it lies on this machine. */
export const orcarouter: System = {
  name: 'orcarouter',
  recognises: record => 'surface' in record && 'verdict' in record,
  decode: decodeRow,
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  dialect: null,
  activation: {
    type: 'none',
    advice: () =>
      'egresstop does not edit OrcaRouter policies and never calls its API: edit them in its console, where an edit rules from the next call on',
    acknowledges: null,
  },
};
