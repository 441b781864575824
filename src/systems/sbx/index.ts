import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { decodeSbx, isGoverned, isRow, unknownDecision } from './log/decode.ts';
import { isSnapshot, snapshotReader } from './log/snapshot.ts';

/** The command that prints the decisions of all sandboxes as rows with counts. */
const POLICY_LOG = ['sbx', 'policy', 'log', '--json'];

/** Docker Sandboxes: agents in micro-VMs behind a proxy on the host. Its log is read by running `sbx`, or from a file with its output. */
export const sbx: System = {
  name: 'sbx',
  recognises: record => isRow(record) || isSnapshot(record) || isGoverned(record),
  decode: decodeSbx,
  unruled: unknownDecision,
  snapshots: () => {
    const read = snapshotReader();
    return (record, lacks) => (isSnapshot(record) ? read(record, lacks) : null);
  },
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
  logWord: { word: 'sbx:', log: async () => ({ type: 'command', name: 'sbx:', argv: POLICY_LOG }) },
  mayRead: (text, path) => /\.json$/i.test(path) && text.includes('resource_type'),
  heldPolicy: { word: 'sbx:', copy: async folder => (await import('./held-policy.ts')).copyHeld(folder) },
  takeUp: async path => (await import('./held-policy.ts')).takeUpCopy(path),
  dialect: async () => (await import('./policy/dialect.ts')).sbxDialect,
  activation: { type: 'none', advice: () => 'in force at once, when sbx policy was run', acknowledges: null },
};
