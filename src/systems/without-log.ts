import { blankEvent } from '../core/event.ts';
import { standardColumns } from '../core/log-columns.ts';
import type { System } from './system.ts';

/** The half of the contract that concerns logs, for a product of which egresstop reads policies alone: no record is ever its own. */
export const withoutLog = (
  name: string,
): Pick<System, 'recognises' | 'decode' | 'shapes' | 'columns' | 'agentAt' | 'discover' | 'inspect'> => ({
  recognises: () => false,
  decode: (record, { source }) => blankEvent({ system: name, source, kind: 'unknown', raw: record }),
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: async () => [],
  inspect: async () => [],
});
