import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { advice } from './policy/advice.ts';
import { decodeRow } from './log/decode.ts';
import { rowShape } from './log/record-shape.ts';

/**
 * OrcaRouter's agent firewall, a hosted service. Its events and policies are read from files that the user saved; nothing of it is on this
 * machine.
 */
export const orcarouter: System = {
  name: 'orcarouter',
  recognises: record => 'surface' in record && 'verdict' in record,
  decode: decodeRow,
  shapes: [rowShape],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  tokenVariables: ['ORCAROUTER_TOKEN'],
  mayRead: (_, path) => /\.jsonc?$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).orcarouterDialect,
  activation: { type: 'none', advice, acknowledges: null },
};
