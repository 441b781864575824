import { blankEvent } from '../core/event.ts';
import { standardColumns } from '../core/log-columns.ts';
import type { System } from './system.ts';

/** The parts of `System` for logs, for a product whose policies alone are read. It recognises no record. */
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
