import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeOpenShell, isOpenShell, loadedPolicy } from './log/decode.ts';
import { readOpenShellLine } from './log/read-line.ts';

/** NVIDIA OpenShell: sandboxes whose supervisor writes OCSF records, and a shorthand of them as text. */
export const openshell: System = {
  name: 'openshell',
  recognises: isOpenShell,
  readText: readOpenShellLine,
  decode: decodeOpenShell,
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  dialect: async () => (await import('./policy/dialect.ts')).openShellDialect,
  activation: {
    type: 'restart',
    advice: ({ path }) => `apply required: openshell policy set SANDBOX --policy ${path} --wait`,
    acknowledges: (event, { revision }) => revision !== '' && loadedPolicy(event) !== null,
  },
};
